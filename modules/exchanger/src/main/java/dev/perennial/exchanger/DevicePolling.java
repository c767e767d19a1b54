package dev.perennial.exchanger;

import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin.Begun;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.event.Event;
import dev.perennial.exchanger.Asking.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the tokens of a device grant until the user has decided (RFC 8628 section 3.5). The
 * lease is renewed before each question, so that a run which vanishes is followed by another.
 */
final class DevicePolling {
  private static final Logger LOG = LoggerFactory.getLogger(DevicePolling.class);

  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration SLOWER = Duration.ofSeconds(5);
  private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
  private static final Duration VALID = Duration.ofMinutes(15);
  private static final Duration LONGEST_VALID = Duration.ofHours(1);

  private static final String PENDING = "authorization_pending";
  private static final String SLOW_DOWN = "slow_down";
  private static final String DENIED = "access_denied";
  private static final String EXPIRED = "expired_token";
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final Tools tools;
  private final CodeRecords records;
  private final Event.CodeReceived event;
  private final Begun begun;
  private final Instant end;
  private Duration interval;

  /**
   * @param prepared the answer to the device authorization request (section 3.2)
   */
  DevicePolling(
      Tools tools,
      CodeRecords records,
      Event.CodeReceived event,
      Begun begun,
      Map<String, ? extends @Nullable Object> prepared) {
    this.tools = tools;
    this.records = records;
    this.event = event;
    this.begun = begun;
    this.interval = seconds(prepared.get("interval"), INTERVAL, LONGEST_INTERVAL);
    this.end = event.at().plus(seconds(prepared.get("expires_in"), VALID, LONGEST_VALID));
  }

  private static Duration seconds(@Nullable Object value, Duration unsaid, Duration most) {
    String text = String.valueOf(value);
    if (!SECONDS.matcher(text).matches() || Integer.parseInt(text) == 0) {
      return unsaid;
    }
    Duration given = Duration.ofSeconds(Integer.parseInt(text));
    return given.compareTo(most) > 0 ? most : given;
  }

  /**
   * The answer that ends it.
   *
   * @param question sent with a deadline of its own each time
   * @return empty where the exchange is not this run's any more
   * @throws UnavailableException where this process stops first
   */
  Optional<Asked> run(Function<Deadline, Asked> question) {
    while (tools.timing().wallClock().instant().isBefore(end)) {
      Deadline deadline = tools.timing().deadline(); // before the write: the lease must outlive it
      try {
        if (!records.advance(event.key(), event.authorization(), begun.attempt(), 0, null)) {
          return Optional.empty();
        }
        Asked asked = question.apply(deadline);
        if (decided(asked.answer())) {
          return Optional.of(new Asked(meant(asked.answer()), asked.sentAt()));
        }
      } catch (UnavailableException e) { // without a lease somebody else may be asking
        LOG.warn("{}: not polled without the store: {}", event.key(), e.getMessage());
      }
      pause();
    }
    return Optional.of(
        new Asked(
            Answer.Bad.of(new TokenOutcome.Refused(EXPIRED + ", nobody decided in time")),
            begun.at()));
  }

  /** In steps that leave the lease alive. */
  private void pause() {
    Duration most = tools.timing().times().lease().dividedBy(3);
    Duration left = interval;
    while (left.compareTo(Duration.ZERO) > 0) {
      Duration step = left.compareTo(most) < 0 ? left : most;
      if (!tools.insistence().pause(step)) {
        throw new UnavailableException(event.key() + ": this process stops polling");
      }
      left = left.minus(step);
      if (left.compareTo(Duration.ZERO) > 0) {
        renew();
      }
    }
  }

  private void renew() {
    try {
      records.advance(event.key(), event.authorization(), begun.attempt(), 0, null);
    } catch (UnavailableException e) {
      LOG.warn("{}: a lease is not renewed: {}", event.key(), e.getMessage());
    }
  }

  private boolean decided(Answer answer) {
    if (!(answer instanceof Answer.Bad bad)) {
      return true;
    }
    if (bad.has(PENDING)) {
      return false;
    }
    if (bad.has(DENIED) || bad.has(EXPIRED)) {
      return true;
    }
    return switch (bad.outcome()) {
      case TokenOutcome.Throttled(var _, var wait) ->
          slower(bad.has(SLOW_DOWN) || wait == null ? SLOWER : wait);
      case TokenOutcome.Unavailable _, TokenOutcome.NoAnswer _, TokenOutcome.NotSent _ ->
          slower(SLOWER);
      case TokenOutcome.Granted _,
          TokenOutcome.Refused _,
          TokenOutcome.Misconfigured _,
          TokenOutcome.Unreadable _ ->
          true;
    };
  }

  /** From now on; and that is no decision. */
  private boolean slower(Duration by) {
    Duration more = interval.plus(by);
    interval = more.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : more;
    return false;
  }

  /** Why a device grant came to nothing: a user who says no has declined, as in a browser. */
  static Reason reason(Answer.Bad bad) {
    return bad.has(DENIED) && bad.outcome() instanceof TokenOutcome.Refused(String detail)
        ? new Reason(Reason.DECLINED, detail)
        : Failures.ofCode(bad.outcome());
  }

  /** What an answer to a device grant means beside what it means elsewhere. */
  private static Answer meant(Answer answer) {
    return answer instanceof Answer.Bad bad
            && (bad.has(DENIED) || bad.has(EXPIRED))
            && bad.outcome() instanceof TokenOutcome.Unavailable(String detail, var _)
        ? new Answer.Bad(new TokenOutcome.Refused(detail), bad.codes())
        : answer;
  }
}
