import type { ReactNode } from "react";
import { download } from "@/lib/csv";
import { Copy } from "./copy";
import { Dialog } from "./dialog";

interface ShownOnceProps {
  title: string;
  /** Says that it is shown once, and what it is for. */
  about: ReactNode;
  label: string;
  secret: string;
  /** A name for it as a file, with what its button says. */
  file?: { name: string; text: string };
  done: string;
  onClose: () => void;
}

/** A secret of an answer. Once it is closed, nothing of the page holds it any more. */
export function ShownOnce({ title, about, label, secret, file, done, onClose }: ShownOnceProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="space-y-3">
        <div className="card border-warn bg-warn-fill space-y-1 p-3">{about}</div>
        <Copy label={label} text={secret} />
        <div className="flex flex-wrap justify-end gap-2">
          {file ? (
            <button type="button" className="button" onClick={() => download(file.name, `${secret}\n`, "text/plain;charset=utf-8")}>
              {file.text}
            </button>
          ) : null}
          <button type="button" className="button button-main" onClick={onClose}>
            {done}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
