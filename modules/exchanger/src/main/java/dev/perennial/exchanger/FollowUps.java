package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.FollowUp;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.exchanger.Asking.Asked;
import dev.perennial.exchanger.Asking.Way;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests that follow the first answer of an attempt. How far it has come is written down
 * before each of them, so that another run can go on from there; none of them is single use.
 */
final class FollowUps {
  private static final Logger LOG = LoggerFactory.getLogger(FollowUps.class);
  private static final int TRIES = 3;

  /** Writes down how far an attempt has come. */
  interface Diary {
    /**
     * @param stage how many requests have been answered
     * @return until when the next one may take; empty where the attempt is not ours any more
     */
    Optional<Deadline> write(int stage, Kept soFar);
  }

  /** How it went. */
  sealed interface End {
    record Complete(Kept kept) implements End {}

    /**
     * A needed request brought nothing.
     *
     * @param number of the request, from 1
     */
    record Lacking(Kept kept, int number, TokenOutcome why) implements End {}

    /** The attempt is not ours any more; whoever writes the diary has said why. */
    record Overtaken() implements End {}
  }

  private final Asking asking;
  private final ConnectionKey key;
  private final Phase phase;
  private final List<FollowUp> all;
  private final FlowValues values;

  /**
   * @param values with all but the answers
   */
  FollowUps(Asking asking, ConnectionKey key, Phase phase, FlowValues values) {
    this.asking = asking;
    this.key = key;
    this.phase = phase;
    this.all = asking.integration().followUps(phase);
    this.values = values;
  }

  int count() {
    return all.size();
  }

  /**
   * @param written the stage that is written down already; 0 = none
   * @param renewed until when a request may take whose stage is written down already
   */
  End run(Kept first, int written, Deadline renewed, Diary diary) {
    Kept kept = first;
    for (int number = Math.max(0, written - 1); number < all.size(); number++) {
      Optional<Deadline> deadline =
          number < written ? Optional.of(renewed) : diary.write(number + 1, kept);
      if (deadline.isEmpty()) {
        return new End.Overtaken();
      }
      FollowUp followUp = all.get(number);
      Asked asked = ask(number, followUp, kept, deadline.get());
      switch (asked.answer()) {
        case Answer.Good(Object body) ->
            kept = new Merging(asking.integration()).followUp(kept, followUp, body, asked.sentAt());
        case Answer.Bad(TokenOutcome why, var _) -> {
          if (!followUp.optional()) {
            return new End.Lacking(kept, number + 1, why);
          }
          LOG.info("{}: optional follow-up {} brought nothing", key, number + 1);
        }
      }
    }
    return kept.ours().main().issuedAt() == null
        ? new End.Lacking(
            kept, all.size(), new TokenOutcome.Unavailable("no access token in any answer", null))
        : new End.Complete(kept);
  }

  private Asked ask(int number, FollowUp followUp, Kept kept, Deadline deadline) {
    Way way =
        new Way(deadline, TokenEndpoint.Connection.REUSED, TRIES, FollowUps::passing, () -> true);
    try {
      return asking.ask(
          values.withOauth(kept.values()),
          flow -> asking.integration().followUpRequest(phase, number, flow),
          Expected.followUp(asking.integration().answerShape(), followUp),
          kept.ours().dpopKey(),
          way);
    } catch (RenderingException e) {
      return failed(new TokenOutcome.Misconfigured(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return failed(new TokenOutcome.NotSent(e.getClass().getSimpleName()));
    }
  }

  private Asked failed(TokenOutcome outcome) {
    return new Asked(Answer.Bad.of(outcome), asking.now());
  }

  private static boolean passing(TokenOutcome outcome) {
    return switch (outcome) {
      case TokenOutcome.NotSent _,
          TokenOutcome.NoAnswer _,
          TokenOutcome.Unavailable _,
          TokenOutcome.Throttled _ ->
          true;
      case TokenOutcome.Granted _,
          TokenOutcome.Refused _,
          TokenOutcome.Misconfigured _,
          TokenOutcome.Unreadable _ ->
          false;
    };
  }
}
