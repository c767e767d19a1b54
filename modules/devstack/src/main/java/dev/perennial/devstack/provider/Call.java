package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A request at a token endpoint while it is served: one page of the ledger, written by the thread
 * that serves it and read by whoever asks the ledger.
 */
final class Call implements AutoCloseable {
  private final Ledger ledger;
  private final String provider;
  private final Presented presented;
  private final InstantSource clock;
  private final Instant at;
  private final long nanos;
  private long order;
  private Outcome outcome = Outcome.UNPROCESSED;
  private String detail = "";
  private Delivery delivery = Delivery.PENDING;
  private @Nullable Instant leftAt;
  private String issued = "";
  private boolean spends;
  private Instant reusableUntil = Instant.MIN;
  private boolean inFlight = true;

  /** What a request brought, without its secrets. */
  record Presented(Kind kind, String token, String grant, String client, String worker) {}

  Call(Ledger ledger, String provider, Presented presented, InstantSource clock, long order) {
    this.ledger = ledger;
    this.provider = provider;
    this.presented = presented;
    this.clock = clock;
    this.at = clock.instant();
    this.nanos = System.nanoTime();
    this.order = order;
  }

  void granted(Granting.Granted granted) {
    granted(granted.order(), granted.issued(), granted.spends(), granted.reusableUntil());
  }

  synchronized void granted(long when, String next, boolean spent, Instant until) {
    order = when;
    outcome = Outcome.GRANTED;
    issued = next;
    spends = spent;
    reusableUntil = until;
  }

  void refused(Granting.Refused refused) {
    refused(refused.order(), refused.error());
  }

  void refused(long when, String error) {
    decided(when, Outcome.REFUSED, error);
  }

  /** A real server's answer that neither grants nor refuses. */
  void failed(long when, String why) {
    decided(when, Outcome.FAULT, why);
  }

  /** A real server gave no answer: what it decided is unknown. */
  void unanswered(long when, String why) {
    decided(when, Outcome.UNPROCESSED, why);
  }

  private synchronized void decided(long when, Outcome what, String why) {
    order = when;
    outcome = what;
    detail = why;
  }

  /** A fault that stood in for the answer. */
  synchronized void fault(Fault fault) {
    order = ledger.nextOrder();
    outcome = Outcome.FAULT;
    detail = fault.getClass().getSimpleName();
  }

  /** A fault in an answer that was processed. */
  synchronized void spoiltBy(Fault fault) {
    detail = fault.getClass().getSimpleName();
  }

  synchronized void delivered(Delivery now) {
    delivery = now;
    if (now == Delivery.WHOLE) {
      leftAt = clock.instant();
    }
  }

  /**
   * The last of the answer is about to be written, or the caller is gone. Said before the write:
   * after it the caller may be back before we have noted anything.
   */
  synchronized void leaving() {
    if (inFlight) {
      inFlight = false;
      ledger.ended(presented.grant(), this);
    }
  }

  /** Nothing more is written. */
  @Override
  public synchronized void close() {
    leaving();
    if (delivery == Delivery.PENDING) {
      delivery = Delivery.CUT;
    }
  }

  synchronized Use snapshot() {
    return new Use(
        order,
        provider,
        presented.kind(),
        presented.token(),
        presented.grant(),
        presented.client(),
        presented.worker(),
        at,
        nanos,
        outcome,
        detail,
        delivery,
        leftAt,
        issued,
        spends,
        reusableUntil);
  }
}
