import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { texts } from "@/texts/common";

/**
 * A modal dialog of the browser's own: it keeps the focus, closes by Escape and gives the focus back, without a style
 * that the content security policy would refuse.
 */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before it is taken off the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    const before = document.activeElement;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      className="card w-[min(40rem,calc(100vw-1rem))] max-h-[90vh] overflow-y-auto p-5"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="mb-3 flex items-start justify-between gap-4">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="button min-h-7 px-2 py-0" onClick={onClose} aria-label={texts.actions.close}>
          <span aria-hidden="true">×</span>
        </button>
      </div>
      {children}
    </dialog>
  );
}
