import { Drawer as BaseDrawer, Modal as BaseModal, type DrawerProps, type ModalProps } from "@mantine/core";
import { useLayer } from "./layers";
import { useFocusBack } from "./useFocusBack";

/**
 * A dialog that is mounted only while it is open. It is above all that was open before, has the Escape key, and when it
 * closes, the focus goes back to where it was.
 */
export function Modal(props: ModalProps) {
  useFocusBack();
  return <BaseModal {...props} {...own} ref={useDialogLayer(props)} />;
}

/** A drawer, with what a dialog has. */
export function Drawer(props: DrawerProps) {
  useFocusBack();
  return <BaseDrawer {...props} {...own} ref={useDialogLayer(props)} />;
}

// What the layers do instead.
const own = { closeOnEscape: false, returnFocus: false };

function useDialogLayer({ onClose, closeOnEscape = true }: ModalProps | DrawerProps) {
  return useLayer(() => {
    if (closeOnEscape) onClose();
  });
}
