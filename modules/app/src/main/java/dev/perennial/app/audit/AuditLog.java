package dev.perennial.app.audit;

import dev.perennial.app.access.Caller;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.event.AuditEvent;
import dev.perennial.event.AuditCodec;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes each act as one line of JSON with the logger {@code audit}, at once, and hands it on.
 * Thread-safe.
 */
public final class AuditLog implements AuditTrail {
  /** Its name is public contract. */
  private static final Logger LOG = LoggerFactory.getLogger("audit");

  private static final int ID_BYTES = 16;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Reads reads;
  private final RecentReads recent;
  private final Denials strangers;
  private final Denials known;
  private final Consumer<AuditEvent> next;

  /**
   * @param random unpredictable: ids are told apart by it across processes
   * @param next what to do with each event besides; must not block
   */
  public AuditLog(
      Reads reads,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      Consumer<AuditEvent> next) {
    this.reads = reads;
    this.clock = clock;
    this.random = random;
    this.recent = new RecentReads(nanoTime, RecentReads.MOST);
    this.strangers = new Denials(nanoTime);
    this.known = new Denials(nanoTime);
    this.next = next;
  }

  @Override
  public void tell(Act act) {
    switch (act.outcome()) {
      case ALLOWED -> {
        if (isTold(act)) {
          write(act, 0);
        }
      }
      case FAILED -> {
        if (act.action().kind() == Action.Kind.CHANGE) {
          write(act, 0);
        }
      }
      case DENIED -> {
        Denials bound = isOfStranger(act) ? strangers : known;
        if (bound.mayTell()) {
          write(act, bound.omitted());
        }
      }
    }
  }

  private static boolean isOfStranger(Act act) {
    return act.actor().equals(Caller.ANYBODY.name())
        || act.reason().filter("unauthorized"::equals).isPresent();
  }

  private boolean isTold(Act act) {
    return switch (act.action().kind()) {
      case CHANGE -> true;
      case OTHER -> false;
      case READ ->
          switch (reads) {
            case ALL -> true;
            case FIRST -> recent.isFirst(act.actor(), act.object());
            case NONE -> false;
          };
    };
  }

  private void write(Act act, long omitted) {
    AuditEvent event =
        new AuditEvent(
            id(),
            clock.instant(),
            act.actor(),
            act.keyId().orElse(null),
            act.action().text(),
            act.object(),
            act.count(),
            act.address().orElse(null),
            act.outcome(),
            act.reason().orElse(null),
            omitted,
            MDC.get("trace_id"));
    about(act.object(), LOG.atInfo()).log("{}", AuditCodec.line(event));
    next.accept(event);
  }

  /** What is done to a connection is found by it. */
  private static LoggingEventBuilder about(String object, LoggingEventBuilder line) {
    int slash = object.indexOf('/');
    if (slash < 0
        || !ConnectionKey.isSlug(object.substring(0, slash))
        || !ConnectionKey.isConnectionId(object.substring(slash + 1))) {
      return line;
    }
    return line.addKeyValue("integration", object.substring(0, slash))
        .addKeyValue("connection", object.substring(slash + 1));
  }

  private String id() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
