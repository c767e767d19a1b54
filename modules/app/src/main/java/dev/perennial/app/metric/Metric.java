package dev.perennial.app.metric;

import static dev.perennial.app.metric.Label.INTEGRATION;
import static dev.perennial.app.metric.Metric.Kind.COUNTER;
import static dev.perennial.app.metric.Metric.Kind.GAUGE;
import static dev.perennial.app.metric.Metric.Kind.HISTOGRAM;

import dev.perennial.domain.credential.Status;
import dev.perennial.exchanger.ExchangeListener.Breaker;
import dev.perennial.exchanger.ExchangeListener.Work;
import dev.perennial.ingress.CallbackListener;
import java.util.List;

/**
 * Every metric of ours; nothing else registers one. Names, labels and their values are part of the
 * public contract; docs/metrics.md is made from this.
 */
@SuppressWarnings("ImmutableEnumChecker") // a list of records
public enum Metric {
  TIME_TO_EXPIRY(
      "perennial_time_to_expiry_seconds",
      HISTOGRAM,
      "seconds",
      "What was left of the life of the access token that a refresh replaced, when it replaced it;"
          + " 0 where it was over. Says whether we are early enough.",
      INTEGRATION),
  TOKEN_AGE(
      "perennial_token_age_seconds",
      HISTOGRAM,
      "seconds",
      "How old the access token was that a refresh replaced.",
      INTEGRATION),
  LATE_REFRESHES(
      "perennial_late_refreshes_total",
      COUNTER,
      "refreshes",
      "Refreshes that replaced an access token after its end.",
      INTEGRATION),
  TOKENLESS(
      "perennial_tokenless_seconds_total",
      COUNTER,
      "connection-seconds",
      "How long connections were without a valid access token, added when a refresh ends it.",
      INTEGRATION),
  CONNECTIONS(
      "perennial_connections",
      GAUGE,
      "connections",
      "Connections by status, as of the last census; told by the process that took it.",
      INTEGRATION,
      Label.of("status", Status.values())),
  CONNECTIONS_EXPECTED(
      "perennial_connections_expected",
      GAUGE,
      "connections",
      "Connections that should have a valid access token: active, failing, or lost by an outcome"
          + " that stayed unknown. As of the last census.",
      INTEGRATION),
  CONNECTIONS_VALID(
      "perennial_connections_valid",
      GAUGE,
      "connections",
      "How many of the expected ones have one. As of the last census.",
      INTEGRATION),
  CONNECTIONS_DUE(
      "perennial_connections_due",
      GAUGE,
      "connections",
      "Connections whose refresh is due within a time, overdue ones among them; `0s` = overdue. As"
          + " of the last census.",
      INTEGRATION,
      Label.of("within", "0s", "1m", "5m", "1h")),
  CENSUS_TIMESTAMP(
      "perennial_census_timestamp_seconds",
      GAUGE,
      "Unix time in seconds",
      "When the last census ended; told by the process that took it."),
  CENSUS_DURATION(
      "perennial_census_duration_seconds", GAUGE, "seconds", "How long the last census took."),

  REFRESHES(
      "perennial_refreshes_total",
      COUNTER,
      "attempts",
      "Refresh attempts that ended, by how.",
      INTEGRATION,
      Label.of("outcome", ExchangeMeters.ATTEMPTS)),
  REFRESH_EVENTS(
      "perennial_refresh_events_total",
      COUNTER,
      "events",
      "Events of `refresh-due` that needed no attempt, by why.",
      INTEGRATION,
      Label.of("cause", ExchangeMeters.NO_ATTEMPTS)),
  POSTPONEMENTS(
      "perennial_postponements_total",
      COUNTER,
      "refreshes",
      "Refreshes put off before an attempt: the rate limit is used up, the circuit breaker is open,"
          + " or every place of the integration stays taken.",
      INTEGRATION,
      Label.of("cause", "rate_limit", "breaker", "places")),
  LEASE_CONFLICTS(
      "perennial_lease_conflicts_total",
      COUNTER,
      "refreshes",
      "Refreshes that met another attempt with a living lease.",
      INTEGRATION),
  UNKNOWN_OUTCOMES(
      "perennial_unknown_outcomes_total",
      COUNTER,
      "attempts",
      "Attempts that vanished: begun, and nobody said how they ended. A probe follows.",
      INTEGRATION),
  TOKEN_CALL(
      "perennial_token_call_seconds",
      HISTOGRAM,
      "seconds",
      "Requests to token endpoints, until the answer was read or given up.",
      INTEGRATION,
      Label.of("purpose", Work.values())),
  PROVIDER_CALL(
      "perennial_provider_call_seconds",
      HISTOGRAM,
      "seconds",
      "Other calls to providers: metadata (also where they are in memory), preparing a consent,"
          + " revoking.",
      INTEGRATION,
      Label.of("call", "discover", "prepare", "revoke")),
  PROVIDER_CALL_FAILURES(
      "perennial_provider_call_failures_total",
      COUNTER,
      "calls",
      "Those that brought nothing usable.",
      INTEGRATION,
      Label.of("call", "discover", "prepare", "revoke")),
  BREAKER(
      "perennial_breaker_state",
      GAUGE,
      "0 or 1",
      "1 for the state that this process's circuit breaker of the integration is in.",
      INTEGRATION,
      Label.of("state", Breaker.values())),

  CODE_EXCHANGES(
      "perennial_code_exchanges_total",
      COUNTER,
      "codes",
      "Authorization codes that came to their end, by how.",
      INTEGRATION,
      Label.of("outcome", ExchangeMeters.EXCHANGES)),
  CODE_EXCHANGE(
      "perennial_code_exchange_seconds",
      HISTOGRAM,
      "seconds",
      "From taking up a code until it is settled.",
      INTEGRATION),
  CALLBACKS(
      "perennial_callbacks_total",
      COUNTER,
      "callbacks",
      "Callbacks of browsers, by how they ended.",
      INTEGRATION,
      Label.of("outcome", CallbackListener.End.values())),

  DUE_BACKLOG(
      "perennial_due_backlog",
      GAUGE,
      "refreshes",
      "Refreshes that are due and not said yet, in the shards that this scheduler owns: the sum"
          + " over processes is that of all shards."),
  DUE_BACKLOG_AGE(
      "perennial_due_backlog_age_seconds",
      GAUGE,
      "seconds",
      "How long the earliest of them has been due; 0 where there is none."),
  IN_FLIGHT(
      "perennial_in_flight",
      GAUGE,
      "events",
      "Events that are being handled now.",
      Label.of("topic", WorkerMeters.TOPICS)),
  IN_FLIGHT_LIMIT(
      "perennial_in_flight_limit",
      GAUGE,
      "events",
      "Events that may be handled at once now: while people wait for their codes a few refreshes"
          + " more than run, and ever fewer where Redis is slow to answer.",
      Label.of("topic", WorkerMeters.TOPICS)),
  CONSUMER_LAG(
      "perennial_consumer_lag",
      GAUGE,
      "records",
      "Records not done yet in the partitions of this process, by its role and topic.",
      Label.of("role", "exchanger"),
      Label.of("topic", WorkerMeters.TOPICS)),
  RECORDS_HANDLED(
      "perennial_records_handled_total",
      COUNTER,
      "records",
      "Records that were done, dead letters not counted.",
      Label.of("topic", WorkerMeters.TOPICS)),
  DEAD_LETTERS(
      "perennial_dead_letters_total",
      COUNTER,
      "records",
      "Records that nobody could handle, sent to the dead-letter topic.",
      Label.of("topic", WorkerMeters.TOPICS)),

  SHARDS("perennial_shards", GAUGE, "shards", "How many shards the installation has."),
  SHARDS_OWNED(
      "perennial_shards_owned",
      GAUGE,
      "shards",
      "Shards that this process owns.",
      Label.of("role", "scheduler", "credentials")),
  SHARDS_UNREADY(
      "perennial_shards_unready",
      GAUGE,
      "shards",
      "Owned shards that are fenced off: Redis is being brought up to the topics."),
  SHARDS_HELD(
      "perennial_shards_held",
      GAUGE,
      "shards",
      "Owned shards whose refreshes are held in quarantine after a healing."),
  OUTBOX_AGE(
      "perennial_outbox_age_seconds",
      GAUGE,
      "seconds",
      "How long the oldest version has been stored and unpublished, of those left behind for more"
          + " than 5 s; 0 where there is none."),
  JOURNAL_WAITING(
      "perennial_journal_waiting",
      GAUGE,
      "answers",
      "Answers of providers that stand in the grant journal and are not in Redis yet; of what was "
          + "not read yet, records of any kind."),

  PUBLISH(
      "perennial_publish_seconds",
      HISTOGRAM,
      "seconds",
      "From saying an event, or many together, until all in-sync replicas have it.",
      Label.of("topic", PublishMeters.TOPICS)),
  PUBLISH_FAILURES(
      "perennial_publish_failures_total",
      COUNTER,
      "publications",
      "Publications that were not acknowledged in time.",
      Label.of("topic", PublishMeters.TOPICS)),
  REDIS(
      "perennial_redis_seconds",
      HISTOGRAM,
      "seconds",
      "Runs of scripts in Redis, as their callers wait for them.",
      Label.bounded("script", "a script of ours, about 35")),
  REDIS_FAILURES(
      "perennial_redis_failures_total",
      COUNTER,
      "calls",
      "Runs of scripts that Redis did not answer."),
  AUDIT_WAITING(
      "perennial_audit_events_waiting",
      GAUGE,
      "events",
      "Audit events that are in the log and not on the topic yet; 0 where they go to the log"
          + " alone."),
  AUDIT_LOST(
      "perennial_audit_events_lost_total",
      COUNTER,
      "events",
      "Audit events that will never be on the topic: Kafka was away for too long, or refuses them."
          + " They are in the log."),
  ADMIN_REQUEST(
      "perennial_admin_request_seconds",
      HISTOGRAM,
      "seconds",
      "Requests to the admin listener, until they are answered; a caller may be waiting for a"
          + " refresh.",
      Label.of("method", AdminRequests.METHODS),
      Label.of("route", AdminRequests.ROUTES),
      Label.of("status", "1xx", "2xx", "3xx", "4xx", "5xx"));

  /** How a metric behaves. */
  public enum Kind {
    COUNTER,
    GAUGE,
    /** Exposed as {@code _bucket}, {@code _count}, {@code _sum} and {@code _max}. */
    HISTOGRAM
  }

  private final String exposed;
  private final Kind kind;
  private final String unit;
  private final String description;
  private final List<Label> labels;

  Metric(String exposed, Kind kind, String unit, String description, Label... labels) {
    this.exposed = exposed;
    this.kind = kind;
    this.unit = unit;
    this.description = description;
    this.labels = List.of(labels);
  }

  /** The name in Prometheus; that of a histogram without its suffix. */
  public String exposed() {
    return exposed;
  }

  public Kind kind() {
    return kind;
  }

  /** In words. */
  public String unit() {
    return unit;
  }

  public String description() {
    return description;
  }

  List<Label> labels() {
    return labels;
  }

  /** Every name under which Prometheus stores something of it. */
  public List<String> series() {
    return kind == HISTOGRAM
        ? List.of(exposed + "_bucket", exposed + "_count", exposed + "_sum", exposed + "_max")
        : List.of(exposed);
  }

  /** Upper bounds of a histogram's buckets, in seconds. */
  double[] buckets() {
    return this == TIME_TO_EXPIRY || this == TOKEN_AGE ? LIVES : WAITS;
  }

  private static final double[] WAITS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  /** Of tokens: from seconds before the end to months. */
  private static final double[] LIVES = {
    1, 5, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800, 2_592_000
  };
}
