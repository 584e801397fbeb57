import {
  createTheme,
  type MantineColorSchemeManager,
  Modal,
  Notification,
  PasswordInput,
  Select,
  Tooltip,
} from "@mantine/core";

/**
 * How everything looks (ui.md, Ground rules). The accent's filled shade is one step darker than indigo 6, whose
 * contrast with white (4.3) is just below AA.
 */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: false,
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Cantarell, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", Menlo, "DejaVu Sans Mono", "Noto Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.4" },
      h2: { fontSize: "1rem", lineHeight: "1.5" },
      h3: { fontSize: "0.875rem", lineHeight: "1.5" },
    },
  },
  components: {
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        transitionProps: { duration: 120, transition: "fade" },
        overlayProps: { backgroundOpacity: 0.4 },
      },
    }),
    // Typed, then Enter: the first that fits is chosen.
    Select: Select.extend({ defaultProps: { selectFirstOptionOnChange: true } }),
    // Its close button is an icon alone.
    Notification: Notification.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close this message" } } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: {
        visibilityToggleFocusable: true,
        visibilityToggleButtonProps: { "aria-label": "Show what is typed" },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 300, transitionProps: { duration: 100 }, withinPortal: true },
    }),
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
