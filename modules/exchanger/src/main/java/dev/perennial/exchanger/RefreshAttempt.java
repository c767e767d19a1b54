package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Begin;
import dev.perennial.domain.credential.Commit;
import dev.perennial.domain.credential.Failure;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.domain.event.Event;
import dev.perennial.event.JsonObjects;
import dev.perennial.exchanger.Asking.Asked;
import dev.perennial.exchanger.Asking.Way;
import dev.perennial.exchanger.ExchangeListener.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One refresh attempt that the store has begun, to its end. Every way out of it is written down
 * before anything else happens: tokens by commit, everything else by fail.
 */
final class RefreshAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(RefreshAttempt.class);

  private final Tools tools;
  private final ConnectionKey key;
  private final Integration integration;
  private final Begin.Attempt attempt;
  private final Permit permit;
  private final Health.Visit visit;
  private final OutcomeLog log;
  private final Asking asking;
  private Deadline deadline;
  private Life replaced = Life.UNKNOWN;

  /**
   * @param deadline begun before the attempt was
   */
  RefreshAttempt(
      Tools tools,
      ConnectionKey key,
      Integration integration,
      Begin.Attempt attempt,
      Deadline deadline,
      Permit permit,
      Health.Visit visit,
      OutcomeLog log) {
    this.tools = tools;
    this.key = key;
    this.integration = integration;
    this.attempt = attempt;
    this.deadline = deadline;
    this.permit = permit;
    this.visit = visit;
    this.log = log;
    this.asking = new Asking(tools, Work.REFRESH, key, integration, attempt.at());
  }

  void run() {
    Kept earlier;
    try {
      earlier = Kept.of(tools.payloads().openTokens(key, attempt.sealed()));
    } catch (UnsealableException e) {
      unopened(new TokenOutcome.Misconfigured("no key here opens the stored tokens"));
      return;
    } catch (RuntimeException e) {
      unopened(notSent(e));
      return;
    }
    if (attempt.stage() == 0) {
      refresh(earlier);
    } else {
      follow(earlier, attempt.stage(), attempt.at());
    }
  }

  /** Between follow-ups nothing is lost for it: whoever has the key goes on after the lease. */
  private void unopened(TokenOutcome why) {
    if (attempt.stage() == 0) {
      fail(why);
    } else {
      log.failure(Outcome.LEFT, "left to another run: " + why);
    }
  }

  private static TokenOutcome notSent(RuntimeException e) {
    return new TokenOutcome.NotSent(e.getClass().getSimpleName());
  }

  private void refresh(Kept before) {
    Slots.Slot slot = Slots.earliest(integration, before);
    Kept earlier;
    Asked asked;
    try {
      earlier = asking.withDpopKey(before);
      asked = ask(earlier, slot);
    } catch (RenderingException e) {
      fail(new TokenOutcome.Misconfigured(String.valueOf(e.getMessage())));
      return;
    } catch (CallFailedException e) {
      fail(new TokenOutcome.NotSent(String.valueOf(e.getMessage())));
      return;
    } catch (RuntimeException e) { // an attempt must not stay open for a mistake of ours
      LOG.error("{}: a refresh that could not be sent", key, Unexpected.of(e));
      fail(notSent(e));
      return;
    }
    visit.count(asked.answer());
    switch (asked.answer()) {
      case Answer.Good(Object body) -> granted(earlier, slot, body, asked.sentAt());
      case Answer.Bad bad -> fail(bad.outcome());
    }
  }

  private Asked ask(Kept earlier, Slots.Slot slot) {
    FlowValues values =
        asking.discovered(
            asking
                .refreshing(earlier.ours().context())
                .withOauth(Slots.oauth(integration, earlier, slot)));
    Expected expected =
        slot.sibling() == null
            ? Expected.token(integration.answerShape(), integration.followUps(Phase.REFRESH))
            : Expected.sibling(integration.answerShape(), slot.sibling().path());
    return asking.ask(
        values,
        flow -> request(slot, flow),
        expected,
        earlier.ours().dpopKey(),
        Way.once(
            deadline,
            TokenEndpoint.Connection.REUSED,
            () -> permit.holds(deadline) && stillCurrent()));
  }

  private TokenRequest request(Slots.Slot slot, FlowValues values) {
    return slot.sibling() == null
        ? integration.refreshRequest(values)
        : integration.siblingRequest(slot.sibling().name(), values);
  }

  /** A late commit may have overtaken a probe, whose token is then spent. */
  private boolean stillCurrent() {
    return !attempt.probe()
        || tools
            .ports()
            .store()
            .find(key)
            .filter(state -> state.grant() == attempt.grant())
            .filter(state -> state.tokenGen() == attempt.tokenGen())
            .isPresent();
  }

  private void granted(Kept earlier, Slots.Slot slot, Object body, Instant sentAt) {
    replaced = slot.life();
    Kept kept;
    try {
      Merging merging = new Merging(integration);
      kept =
          slot.sibling() == null
              ? merging.first(earlier, body, sentAt, Phase.REFRESH)
              : merging.sibling(earlier, slot.sibling(), body, sentAt);
    } catch (RuntimeException e) { // whatever is wrong with us, the answer must not be lost
      LOG.error("{}: an answer that could not be merged", key, Unexpected.of(e));
      byte[] raw = body instanceof Map<?, ?> map ? JsonObjects.write(Paths.copy(map)) : new byte[0];
      fail(new TokenOutcome.Unreadable(e.getClass().getSimpleName(), raw));
      return;
    }
    if (slot.main() && !integration.followUps(Phase.REFRESH).isEmpty()) {
      follow(kept, 0, sentAt);
    } else {
      finish(kept, attempt, sentAt);
    }
  }

  private void follow(Kept first, int written, Instant sentAt) {
    FlowValues values = asking.refreshing(first.ours().context());
    try {
      values = asking.discovered(values.withOauth(first.values()));
    } catch (RuntimeException e) {
      LOG.warn("{}: nothing discovered for follow-ups, {}", key, e.getClass().getSimpleName());
    }
    FollowUps followUps = new FollowUps(asking, key, Phase.REFRESH, values);
    switch (followUps.run(first, written, deadline, this::write)) {
      case FollowUps.End.Complete(Kept kept) -> finish(kept, at(followUps.count()), sentAt);
      case FollowUps.End.Lacking lacking -> incomplete(lacking, at(followUps.count()), sentAt);
      case FollowUps.End.Overtaken _ -> {}
    }
  }

  /** The same attempt at another stage. */
  private Begin.Attempt at(int stage) {
    return new Begin.Attempt(
        attempt.id(),
        stage,
        attempt.grant(),
        attempt.tokenGen(),
        attempt.sealed(),
        attempt.failures(),
        attempt.at(),
        attempt.probe());
  }

  /** Where the lease cannot be renewed, what is left of the last one has to do. */
  private Optional<Deadline> write(int stage, Kept soFar) {
    Deadline renewed = tools.timing().deadline(); // before the write: the lease must outlive it
    IssuedTokens tokens = tools.issuing().tokens(key, integration, soFar, attempt.at());
    try {
      switch (tools.ports().store().commit(key, at(stage - 1), false, tokens)) {
        case Commit.Committed _, Commit.Already _ -> deadline = renewed;
        case Commit.Missing _ -> LOG.warn("{}: the store does not know it, going on", key);
        case Commit.Superseded _ -> {
          log.success(Outcome.SUPERSEDED, "superseded by a newer consent or answer");
          return Optional.empty();
        }
        case Commit.Deleted _ -> {
          deleted(soFar);
          return Optional.empty();
        }
      }
    } catch (UnavailableException e) {
      LOG.warn("{}: going on without the store: {}", key, e.getMessage());
    }
    return Optional.of(deadline);
  }

  private void finish(Kept kept, Begin.Attempt done, Instant sentAt) {
    keep(kept, done, tools.issuing().tokens(key, integration, kept, sentAt), null);
  }

  private void incomplete(FollowUps.End.Lacking lacking, Begin.Attempt done, Instant sentAt) {
    Failure failure = tools.failures().incomplete(attempt, lacking.number(), lacking.why());
    IssuedTokens tokens =
        tools.issuing().incomplete(key, integration, lacking.kept(), sentAt, failure.retryIn());
    keep(lacking.kept(), done, tokens, failure);
  }

  /** These may be the only tokens that still work: they are held until they are in a safe place. */
  private void keep(
      Kept kept, Begin.Attempt done, IssuedTokens tokens, @Nullable Failure incomplete) {
    tools
        .insistence()
        .until(
            key,
            "commit",
            () -> commit(done, tokens, incomplete).or(() -> journal(done, tokens, incomplete)))
        .ifPresentOrElse(
            commit -> committed(commit, kept, incomplete), () -> journaled(incomplete));
  }

  /** Empty where the store cannot take it now. */
  private Optional<Commit> commit(
      Begin.Attempt done, IssuedTokens tokens, @Nullable Failure incomplete) {
    try {
      Commit commit = tools.ports().store().commit(key, done, true, tokens, incomplete);
      return Optional.of(commit).filter(answer -> !(answer instanceof Commit.Missing));
    } catch (UnavailableException e) {
      LOG.warn("{}: an answer goes to the grant journal: {}", key, e.getMessage());
      return Optional.empty();
    }
  }

  /** From there the shard's owner commits it. */
  private Optional<Commit> journal(
      Begin.Attempt done, IssuedTokens tokens, @Nullable Failure incomplete) {
    tools
        .ports()
        .publisher()
        .publish(
            new Event.AnswerJournaled(
                key,
                done.id(),
                done.stage(),
                true,
                done.grant(),
                done.tokenGen(),
                tokens,
                tools.timing().wallClock().instant(),
                incomplete));
    return Optional.empty();
  }

  private void journaled(@Nullable Failure incomplete) {
    tellReplaced();
    if (incomplete == null) {
      log.success(Outcome.REFRESHED, "refreshed, by the grant journal");
    } else {
      log.failure(
          Outcome.INCOMPLETE,
          "refreshed, by the grant journal, but incomplete: ",
          incomplete.reason());
    }
  }

  private void committed(Commit commit, Kept kept, @Nullable Failure incomplete) {
    switch (commit) {
      case Commit.Committed(var state) -> {
        tellReplaced();
        state.ifPresent(tools.announcer()::announce);
        String version = state.map(s -> " as version " + s.version()).orElse("");
        if (incomplete == null) {
          log.success(Outcome.REFRESHED, "refreshed" + version);
        } else {
          log.failure(
              Outcome.INCOMPLETE,
              "refreshed" + version + ", but incomplete: ",
              incomplete.reason());
        }
      }
      case Commit.Already(var state) -> {
        tools.announcer().announce(state);
        log.success(Outcome.REFRESHED, "already refreshed as version " + state.version());
      }
      case Commit.Superseded _ ->
          log.success(Outcome.SUPERSEDED, "superseded by a newer consent or answer");
      case Commit.Deleted _ -> deleted(kept);
      case Commit.Missing _ -> throw new IllegalStateException("goes to the journal");
    }
  }

  private void tellReplaced() {
    Instant now = asking.now();
    Instant issuedAt = replaced.issuedAt();
    Instant expiresAt = replaced.expiresAt();
    tools
        .ports()
        .listener()
        .replaced(
            key,
            issuedAt == null ? null : Duration.between(issuedAt, now),
            expiresAt == null ? null : Duration.between(now, expiresAt));
  }

  private void deleted(Kept kept) {
    log.failure(Outcome.ORPHANED, "deleted meanwhile, the new tokens are orphans");
    asking.orphaned(kept);
  }

  private void fail(TokenOutcome outcome) {
    Failure failure = tools.failures().of(key, attempt, outcome);
    tools
        .insistence()
        .until(key, "fail", () -> tools.ports().store().fail(key, attempt, failure))
        .ifPresent(tools.announcer()::announce);
    log.failure(Outcome.of(failure.kind()), "", failure.reason());
  }
}
