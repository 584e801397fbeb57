import {
  createTheme,
  type MantineColorSchemeManager,
  type MenuProps,
  type ModalProps,
  type NotificationProps,
  type PasswordInputProps,
  type SelectProps,
  type TooltipProps,
} from "@mantine/core";

/**
 * How everything looks (ui.md, Providers rules). The accent's filled shade is one step darker than indigo 6, whose
 * contrast with white (4.3) is just below AA.
 */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: false,
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  // Short, and what Linux has first: there every name that is not installed costs 10 ms before anything is drawn.
  fontFamily: "system-ui, sans-serif",
  fontFamilyMonospace: '"DejaVu Sans Mono", "Noto Sans Mono", ui-monospace, "Cascadia Mono", Menlo, monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.4" },
      h2: { fontSize: "1rem", lineHeight: "1.5" },
      h3: { fontSize: "0.875rem", lineHeight: "1.5" },
    },
  },
  // By name, not by the parts themselves: the sign-in screen would load them all.
  components: {
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120, transition: "fade" },
        overlayProps: { backgroundOpacity: 0.4 },
      } satisfies Partial<ModalProps>,
    },
    // Its empty first child is none that a menu may have; without it the menu itself takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } satisfies Partial<MenuProps> },
    // Typed, then Enter: the first that fits is chosen.
    Select: { defaultProps: { selectFirstOptionOnChange: true } satisfies Partial<SelectProps> },
    // Its close button is an icon alone.
    Notification: {
      defaultProps: { closeButtonProps: { "aria-label": "Close this message" } } satisfies Partial<NotificationProps>,
    },
    PasswordInput: {
      defaultProps: {
        visibilityToggleFocusable: true,
        visibilityToggleButtonProps: { "aria-label": "Show what is typed" },
      } satisfies Partial<PasswordInputProps>,
    },
    Tooltip: {
      defaultProps: {
        openDelay: 300,
        transitionProps: { duration: 100 },
        withinPortal: true,
      } satisfies Partial<TooltipProps>,
    },
  },
});

/** Light and dark follow the system and are kept nowhere: the page has no storage of its own. */
export const systemScheme: MantineColorSchemeManager = {
  get: (defaultValue) => defaultValue,
  set: () => {},
  subscribe: () => {},
  unsubscribe: () => {},
  clear: () => {},
};
