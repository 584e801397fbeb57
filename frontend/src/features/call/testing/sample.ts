import type { Call, Detail, Field, Page } from "../types";

/** What Go answers, for tests: an accepted call, changed as a test needs it. */
export function aCall(more: Partial<Call> = {}): Call {
  return {
    id: "c1",
    at_ms: Date.now() - 60_000,
    mode: "test",
    run_id: "",
    setup_id: "s1",
    setup_version: 1,
    draft: false,
    simulated: "",
    title: "Order shipped, SMS",
    channel: "sms",
    service: "127.0.0.1",
    actor: { kind: "person", id: "user-1", name: "Asha Rao", source: "window" },
    recipient: "+919812345678",
    state: "done",
    verdict: "accepted",
    delivery: "none",
    status: 201,
    total_ms: 412,
    reason: "Accepted by 127.0.0.1. Not yet delivered.",
    message_id: "SM9f",
    error_code: "",
    ...more,
  };
}

export function aDetail(call: Partial<Call> = {}, reply: DetailParts = {}): Detail {
  const one = aCall(call);
  return {
    call: one,
    record: { Mobile: "+919812345678" },
    request: {
      method: "POST",
      url: "http://127.0.0.1:7000/sms",
      wire: "POST /sms HTTP/1.1\r\nHost: 127.0.0.1:7000\r\n\r\nto=%2B919812345678",
      cut: false,
    },
    reply: {
      answer: {
        sent: true,
        status: one.status,
        status_text: "Created",
        proto: "HTTP/1.1",
        headers: [{ name: "Content-Type", value: "application/json" }],
        wire_bytes: 34,
        body_bytes: 34,
        truncated: false,
        cut: "",
        unknown_coding: "",
        claimed_coding: "",
        broken_text: false,
        timings: {
          dns_ms: 12,
          connect_ms: 31,
          tls_ms: 58,
          first_byte_ms: 296,
          download_ms: 15,
          total_ms: one.total_ms,
          reused: false,
        },
        remote_addr: "127.0.0.1:7000",
        hops: [],
        ...reply.answer,
      },
      result: {
        verdict: one.verdict as Detail["reply"]["result"]["verdict"],
        reason: one.reason,
        hint: "",
        by: "setup rule",
        rule_text: "status 201 and $.sid present",
        message_id: one.message_id,
        error_code: "",
        error_text: "",
        retry_after_s: 0,
        parts_accepted: 0,
        parts_total: 0,
        ...reply.result,
      },
      text: reply.text ?? '{"sid":"SM9f","n":12345678901234567890}',
      text_cut: reply.text_cut ?? false,
      fix: reply.fix,
      findings: reply.findings ?? [],
      delivery: reply.delivery ?? "",
    },
    setup_changed: false,
    setup_gone: false,
    note: "",
  };
}

/** One page of the history, counted as a list with no other page. */
export function aPage(calls: Call[], more: Partial<Page> = {}): Page {
  return { calls, more: false, count: calls.length, capped: false, ...more };
}

interface DetailParts {
  answer?: Partial<Detail["reply"]["answer"]>;
  result?: Partial<Detail["reply"]["result"]>;
  text?: string;
  text_cut?: boolean;
  fix?: Detail["reply"]["fix"];
  findings?: string[];
  delivery?: string;
}

export function aField(name: string, more: Partial<Field> = {}): Field {
  return {
    id: `field-${name}`,
    stage_id: "st1",
    name,
    code: name.toLowerCase(),
    type: "text",
    required: false,
    sample: "",
    position: 1,
    version: 1,
    ...more,
  };
}
