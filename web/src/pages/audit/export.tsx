import { useState } from "react";
import { api, type Schemas } from "@/api/client";
import type { Search } from "@/lib/address";
import { download } from "@/lib/csv";
import { useMay } from "@/lib/session";
import { moment } from "@/lib/time";
import { audit as auditTexts } from "@/texts/audit";
import { Copy } from "@/ui/copy";
import { Preview } from "@/ui/effect";
import { Select } from "@/ui/form";
import { ShownOnce } from "@/ui/shown-once";
import { Opens } from "../settings/opens";

type Link = Schemas["LogsLink"];
type Format = Schemas["LogFormat"];

const told = auditTexts.export;
const FORMATS = ["csv", "json"] as const;
const TYPES: Record<Format, string> = { csv: "text/csv;charset=utf-8", json: "application/json" };

interface ExportProps {
  logs: Schemas["LogKind"];
  filters: Search;
}

/** All rows that match, as a file, or as a link to one that is too large for an answer. */
export function Export({ logs, filters }: ExportProps) {
  const [link, setLink] = useState<Link | null>(null);
  if (!useMay("logs:export")) return null;
  return (
    <>
      <Opens verb={told.verb}>{(close) => <Choose logs={logs} filters={filters} onLink={setLink} onClose={close} />}</Opens>
      {link ? (
        <ShownOnce
          title={told.linkTitle}
          about={
            <>
              <p>{told.link(link.rows)}</p>
              <p>{told.linkEnds(moment(link.expires_at))}</p>
            </>
          }
          done={told.linkDone}
          onClose={() => setLink(null)}
        >
          <Copy label={told.linkLabel} text={link.url} />
        </ShownOnce>
      ) : null}
    </>
  );
}

function Choose({ logs, filters, onLink, onClose }: ExportProps & { onLink: (link: Link) => void; onClose: () => void }) {
  const [format, setFormat] = useState<Format>("csv");
  const set = Object.entries(filters).filter(([, value]) => value);
  return (
    <Preview
      verb={told.verb}
      title={told.title}
      onClose={onClose}
      // A file of any kind comes as text; only 201 is an object.
      act={() => api.POST("/api/v1/logs/export", { body: bodyOf(logs, format, filters), parseAs: "text" })}
      onDone={(text) => {
        const large = typeof text === "string" ? linkIn(text) : null;
        if (large) onLink(large);
        else download(`moniqo-${logs}-log-utc.${format}`, String(text), TYPES[format]);
      }}
      preview={
        <>
          <p>{told.preview(told.logs[logs])}</p>
          <p>{set.length === 0 ? told.noFilters : told.filters(set.map(([name, value]) => `${name} ${value}`).join(", "))}</p>
          <Select label={told.format} value={format} onChange={(value) => setFormat(FORMATS.find((each) => each === value) ?? "csv")} options={FORMATS.map((value) => ({ value, text: told.formats[value] }))} />
          <p className="text-soft">{told.recorded}</p>
        </>
      }
    />
  );
}

function bodyOf(logs: Schemas["LogKind"], format: Format, { action, user_id, since, until, level, category }: Search): Schemas["LogsExport"] {
  const levels = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] as const;
  const categories = ["SECURITY", "TRADING", "SYSTEM", "RISK", "API"] as const;
  return {
    logs,
    format,
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
    ...(logs === "audit" ? { ...(action ? { action } : {}), ...(user_id ? { user_id } : {}) } : { level: levels.find((each) => each === level), category: categories.find((each) => each === category) }),
  };
}

function linkIn(text: string): Link | null {
  if (!text.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isLink = typeof value === "object" && value !== null && "url" in value && "expires_at" in value && "rows" in value && "packed" in value;
    return isLink ? { url: String(value.url), expires_at: String(value.expires_at), rows: Number(value.rows), packed: String(value.packed) } : null;
  } catch {
    return null;
  }
}
