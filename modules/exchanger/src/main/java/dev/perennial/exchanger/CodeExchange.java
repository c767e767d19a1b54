package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.UnsealableException;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.CodeBegin.Begun;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integration.Phase;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.domain.definition.RenderingException;
import dev.perennial.domain.event.Event;
import dev.perennial.exchanger.Asking.Asked;
import dev.perennial.exchanger.Asking.Way;
import dev.perennial.exchanger.ExchangeListener.Work;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one attempt there is for an authorization code, to its end. The code is sent once; the
 * requests that follow its answer may be taken up by another run.
 */
final class CodeExchange {
  private static final Logger LOG = LoggerFactory.getLogger(CodeExchange.class);

  /** A request that was not written may be tried again; a person is waiting. */
  private static final int TRIES = 4;

  private final Tools tools;
  private final CodeRecords records;
  private final Event.CodeReceived event;
  private final ConnectionKey key;
  private final Begun begun;
  private final Permit permit;
  private final OutcomeLog log;
  private final CodeSettling settling;
  private Deadline deadline;

  /**
   * @param deadline begun before the attempt was
   */
  CodeExchange(
      Tools tools,
      CodeRecords records,
      Event.CodeReceived event,
      Begun begun,
      Permit permit,
      Deadline deadline,
      OutcomeLog log) {
    this.tools = tools;
    this.records = records;
    this.event = event;
    this.key = event.key();
    this.begun = begun;
    this.permit = permit;
    this.deadline = deadline;
    this.log = log;
    this.settling = new CodeSettling(tools, records, event, log);
  }

  void run() {
    Optional<Integration> integration = tools.ports().integrations().find(key.integration());
    if (integration.isEmpty()) {
      settling.fail(misconfigured("no definition of " + key.integration() + " is loaded here"));
      return;
    }
    Asking asking = new Asking(tools, Work.CODE, key, integration.get(), begun.at());
    try {
      AuthorizationCode code = tools.payloads().openCode(key, event.sealed());
      Sealed staged = begun.staged();
      if (begun.stage() > 0 && staged != null) {
        Kept kept = Kept.of(tools.payloads().openTokens(key, staged));
        follow(asking, code, kept, begun.stage(), begun.at());
        return;
      }
      exchange(asking, code);
    } catch (UnsealableException e) {
      settling.fail(misconfigured("no key here opens the authorization code"));
    }
  }

  private void exchange(Asking asking, AuthorizationCode code) {
    Integration integration = asking.integration();
    Kept before;
    Optional<Asked> asked;
    try {
      before = asking.withDpopKey(connected(integration, code));
      FlowValues values = asking.discovered(values(code, before));
      Kept given = before;
      asked =
          isPolled(integration)
              ? new DevicePolling(tools, records, event, begun, code.preparation().prepared())
                  .run(until -> ask(asking, values, given, until))
              : Optional.of(ask(asking, values, given, deadline));
    } catch (RenderingException e) {
      settling.fail(misconfigured(String.valueOf(e.getMessage())));
      return;
    } catch (CallFailedException e) {
      settling.fail(new Reason(Reason.NOT_SENT, String.valueOf(e.getMessage())));
      return;
    } catch (UnavailableException e) { // nothing is decided: to be handled again
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{}: a code that could not be sent", key, Unexpected.of(e));
      settling.fail(new Reason(Reason.NOT_SENT, e.getClass().getSimpleName()));
      return;
    }
    if (asked.isEmpty()) {
      log.dropped(Outcome.ELSEWHERE, "with another run");
      return;
    }
    switch (asked.get().answer()) {
      case Answer.Good(Object body) -> granted(asking, code, before, body, asked.get().sentAt());
      case Answer.Bad bad ->
          settling.fail(
              isPolled(integration) ? DevicePolling.reason(bad) : Failures.ofCode(bad.outcome()));
    }
  }

  /** A device grant (RFC 8628): somebody decides elsewhere. */
  private static boolean isPolled(Integration integration) {
    return !integration.hasConsent() && integration.prepares();
  }

  private Kept connected(Integration integration, AuthorizationCode code) {
    Ours ours =
        Ours.connected(
                code.preparation().variables(),
                code.preparation().dpopKey(),
                begun.at(),
                integration.lifetime())
            .withScopes(code.preparation().scopes());
    return new Kept(redirected(code), ours);
  }

  /** The callback's parameters, in the place where templates and pipelines read them. */
  private static Map<String, @Nullable Object> redirected(AuthorizationCode code) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (!code.redirectParameters().isEmpty()) {
      values.put(TokenResponse.REDIRECT_PARAMETERS, code.redirectParameters());
    }
    return values;
  }

  private FlowValues values(AuthorizationCode code, Kept kept) {
    String redirectUrl = tools.ports().redirectUrl().apply(key.integration());
    return FlowValues.forCode(redirectUrl, code.code(), code.codeVerifier(), kept.values())
        .in(code.preparation().context());
  }

  private Asked ask(Asking asking, FlowValues values, Kept before, Deadline until) {
    Integration integration = asking.integration();
    Asked asked =
        asking.ask(
            values,
            integration::tokenRequest,
            Expected.token(integration.answerShape(), integration.followUps(Phase.TOKEN)),
            before.ours().dpopKey(),
            new Way(
                until,
                TokenEndpoint.Connection.FRESH,
                TRIES,
                outcome -> outcome instanceof TokenOutcome.NotSent,
                () -> permit.holds(until)));
    tools.providers().health(key.integration()).visit().count(asked.answer());
    return asked;
  }

  private void granted(
      Asking asking, AuthorizationCode code, Kept before, Object body, Instant sentAt) {
    Integration integration = asking.integration();
    Kept kept;
    try {
      kept = new Merging(integration).first(before, body, sentAt, Phase.TOKEN);
    } catch (RuntimeException e) {
      LOG.error("{}: an answer that could not be merged", key, Unexpected.of(e));
      settling.fail(new Reason(Reason.UNREADABLE_ANSWER, e.getClass().getSimpleName()));
      return;
    }
    if (integration.followUps(Phase.TOKEN).isEmpty()) {
      finish(integration, kept, sentAt);
    } else {
      follow(asking, code, kept, 0, sentAt);
    }
  }

  private void follow(
      Asking asking, AuthorizationCode code, Kept first, int written, Instant sentAt) {
    FlowValues values = values(code, first);
    try {
      values = asking.discovered(values);
    } catch (RuntimeException e) {
      LOG.warn("{}: nothing discovered for follow-ups, {}", key, e.getClass().getSimpleName());
    }
    FollowUps followUps = new FollowUps(asking, key, Phase.TOKEN, values);
    FollowUps.Diary diary = (stage, soFar) -> write(asking.integration(), stage, soFar);
    switch (followUps.run(first, written, deadline, diary)) {
      case FollowUps.End.Complete(Kept kept) -> finish(asking.integration(), kept, sentAt);
      case FollowUps.End.Lacking(Kept kept, int number, TokenOutcome why) -> {
        settling.fail(Failures.ofFollowUp(number, why));
        asking.orphaned(kept);
      }
      case FollowUps.End.Overtaken _ -> log.dropped(Outcome.ELSEWHERE, "with another run");
    }
  }

  /** Where the lease cannot be renewed, what is left of the last one has to do. */
  private Optional<Deadline> write(Integration integration, int stage, Kept soFar) {
    Deadline renewed = tools.timing().deadline(); // before the write: the lease must outlive it
    Sealed staged = tools.issuing().seal(key, integration, soFar);
    try {
      if (!records.advance(key, event.authorization(), begun.attempt(), stage, staged)) {
        return Optional.empty();
      }
      deadline = renewed;
    } catch (UnavailableException e) {
      LOG.warn("{}: going on without the store: {}", key, e.getMessage());
    }
    return Optional.of(deadline);
  }

  private void finish(Integration integration, Kept kept, Instant sentAt) {
    settling.keep(tools.issuing().tokens(key, integration, kept, sentAt));
  }

  private static Reason misconfigured(String detail) {
    return new Reason(Reason.MISCONFIGURED, detail);
  }
}
