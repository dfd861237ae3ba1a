import type { ReactNode } from "react";
import { Dialog } from "./dialog";

interface ShownOnceProps {
  title: string;
  /** Says that it is shown once, and what it is for. */
  about: ReactNode;
  /** The secret, to be copied, and what belongs to it. */
  children: ReactNode;
  /** Beside the button that closes it. */
  actions?: ReactNode;
  done: string;
  onClose: () => void;
}

/** A secret of an answer. Once it is closed, nothing of the page holds it any more. */
export function ShownOnce({ title, about, children, actions, done, onClose }: ShownOnceProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-3">
        <div className="card border-warn bg-warn-fill space-y-1 p-3">{about}</div>
        {children}
        <div className="flex flex-wrap justify-end gap-2">
          {actions}
          <button type="button" className="button button-main" onClick={onClose}>
            {done}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
