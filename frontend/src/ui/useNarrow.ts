import { useMediaQuery } from "@mantine/hooks";

/** Whether the window is narrower than `under` pixels; under 1200 the sidebar is a rail (Frame.module.css). */
export function useNarrow(under = 1200): boolean {
  return useMediaQuery(`(max-width: ${under - 0.02}px)`, false, { getInitialValueInEffect: false });
}
