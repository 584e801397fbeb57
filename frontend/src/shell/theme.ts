import {
  createTheme,
  type DrawerProps,
  type MenuProps,
  type ModalProps,
  type NotificationProps,
  type PasswordInputProps,
  type PopoverProps,
  type SelectProps,
  type TooltipProps,
} from "@mantine/core";
import { layerZIndex } from "../ui/layers";

/**
 * How everything looks (UI.md, Looks). The accent's filled shade is one step darker than indigo 6, whose contrast with
 * white (4.3) is just below AA.
 */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: false,
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  // Short, with the fonts of Linux first: there every name that is not installed delays the first paint by 10 ms.
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
  // By name and not with `Modal.extend`, since the sign-in screen would then load all these parts.
  components: {
    Modal: {
      defaultProps: {
        zIndex: layerZIndex,
        centered: true,
        transitionProps: { duration: 120, transition: "fade" },
        overlayProps: { backgroundOpacity: 0.4 },
      } satisfies Partial<ModalProps>,
    },
    Drawer: {
      defaultProps: { zIndex: layerZIndex, transitionProps: { duration: 120 } } satisfies Partial<DrawerProps>,
    },
    Popover: { defaultProps: { zIndex: layerZIndex } satisfies Partial<PopoverProps> },
    // A menu may not have the placeholder as a child (ARIA); without it the menu itself takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } satisfies Partial<MenuProps> },
    // Enter after typing chooses the first match.
    Select: { defaultProps: { selectFirstOptionOnChange: true } satisfies Partial<SelectProps> },
    // Its close button is only an icon.
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
        zIndex: layerZIndex,
        openDelay: 300,
        transitionProps: { duration: 100 },
        withinPortal: true,
      } satisfies Partial<TooltipProps>,
    },
  },
});
