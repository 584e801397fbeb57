import { ActionIcon } from "@mantine/core";
import type { ComponentPropsWithoutRef, ComponentType } from "react";

interface MoreButtonProps extends Omit<ComponentPropsWithoutRef<"button">, "color" | "style"> {
  label: string;
  icon: ComponentType<{ size?: number }>;
}

/** Opens the menu of rare actions. It is as high as the button next to it. */
export function MoreButton({ label, icon: Icon, ...rest }: MoreButtonProps) {
  return (
    <ActionIcon variant="default" size={36} aria-label={label} title={label} {...rest}>
      <Icon size={18} />
    </ActionIcon>
  );
}
