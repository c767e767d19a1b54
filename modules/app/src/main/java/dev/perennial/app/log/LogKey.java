package dev.perennial.app.log;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every key that a line of the JSON format may have. The names are part of the public contract;
 * docs/logs.md is made from this.
 */
enum LogKey {
  TIME("time", "When, as RFC 3339 in UTC with milliseconds.", true),
  LEVEL("level", "`ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`.", true),
  LOGGER("logger", "Who says it.", true),
  THREAD("thread", "On which thread; empty for a virtual thread without a name.", true),
  MESSAGE("message", "The same as the text format has, for people.", true),
  ERROR("error", "The exception with its causes and stack, where there is one.", false),
  TRACE_ID("trace_id", "The trace that the work belongs to (W3C Trace Context).", false),
  ROLE("role", "`ingress`, `exchanger`, `scheduler` or `credentials`.", false),
  SHARD("shard", "Which shard was worked on, from 0.", false),
  INTEGRATION("integration", "Slug of the integration.", false),
  CONNECTION("connection", "Id of the connection within the integration.", false),
  VERSION("version", "Version of the credential that the event named.", false),
  GRANT("grant", "Which consent, where a code is exchanged.", false),
  ATTEMPT("attempt", "Id of the attempt, fresh for each handler run that begins one.", false),
  OUTCOME(
      "outcome",
      "How a handler run ended: the values of `outcome` and `cause` in [metrics.md](metrics.md).",
      false),
  REASON("reason", "Code of the reason: that of the credential's `reason`.", false),
  DURATION_MS("duration_ms", "How long the handler run took, in milliseconds.", false);

  private static final Map<String, LogKey> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(LogKey::text, Function.identity()));

  private final String text;
  private final String meaning;
  private final boolean always;

  LogKey(String text, String meaning, boolean always) {
    this.text = text;
    this.meaning = meaning;
    this.always = always;
  }

  /** As it stands in a line. */
  String text() {
    return text;
  }

  String meaning() {
    return meaning;
  }

  /** Whether every line has it. */
  boolean always() {
    return always;
  }

  /** Whether a line may have it as what somebody added to it. */
  static boolean isKnown(String name) {
    LogKey key = BY_NAME.get(name);
    return key != null && !key.always && key != ERROR;
  }
}
