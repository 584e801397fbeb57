import { Skeleton, Stack } from "@mantine/core";

const labels = ["5rem", "7rem", "9rem", "4rem"];

/** The shape of a form that is being read: labels above fields. */
export function FormSkeleton() {
  return (
    <Stack gap="lg" maw={720} aria-hidden>
      {labels.map((width) => (
        <Stack key={width} gap="xs">
          <Skeleton height="0.75rem" width={width} />
          <Skeleton height="2.25rem" />
        </Stack>
      ))}
    </Stack>
  );
}
