package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.definition.Integration;
import dev.perennial.ingress.Notice.Action;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET|POST /callback/{integration}}: the redirection endpoint (RFC 6749 section 3.1.2). It
 * gives every way a callback can end its page and status. Thread-safe.
 */
final class CallbackEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(CallbackEndpoint.class);
  private static final String RETRY_AFTER = "Retry-After";
  private static final Reason MISSING_CODE = Reason.of(ProviderError.MISSING_CODE);

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final Callbacks callbacks;
  private final OutcomeEndpoint outcomes;
  private final Notices notices;
  private final Pages pages;

  CallbackEndpoint(
      IngressPorts ports,
      IngressSettings settings,
      Callbacks callbacks,
      OutcomeEndpoint outcomes,
      Notices notices,
      Pages pages) {
    this.ports = ports;
    this.settings = settings;
    this.callbacks = callbacks;
    this.outcomes = outcomes;
    this.notices = notices;
    this.pages = pages;
  }

  Answer get(String slug, String rawQuery, Optional<Secret> browser) {
    return answer(slug, rawQuery, 414, browser, false);
  }

  /**
   * OAuth 2.0 Form Post Response Mode.
   *
   * @param body at most one byte longer than what is allowed
   */
  Answer post(String slug, boolean isForm, String body, Optional<Secret> browser) {
    return isForm ? answer(slug, body, 413, browser, true) : pages.notice(notices.notAForm());
  }

  private Answer answer(
      String slug, String raw, int tooLongStatus, Optional<Secret> browser, boolean posted) {
    Optional<Integration> integration = ports.integrations().find(slug);
    if (integration.isEmpty()) {
      return pages.notice(notices.unknownIntegration());
    }
    return switch (Received.read(raw)) {
      case Received.Flaw flaw -> pages.notice(notices.flawed(flaw, tooLongStatus));
      case Received.Parameters parameters when posted ->
          posted(integration.get(), parameters, browser);
      case Received.Parameters parameters ->
          taken(integration.get(), parameters, browser, new Action.Reload(0), new Action.Reload(2));
    };
  }

  private Answer posted(
      Integration integration, Received.Parameters parameters, Optional<Secret> browser) {
    String address = settings.path("/callback/" + integration.slug());
    if (browser.isEmpty() && !Relay.isSecondRound(parameters)) {
      return pages.notice(
          notices.relay(new Action.Resend("Continue", address, Relay.marked(parameters), 0)));
    }
    return taken(
        integration,
        parameters,
        browser,
        new Action.Resend("Try again", address, parameters.values(), -1),
        new Action.Resend("Try again", address, parameters.values(), 2));
  }

  private Answer taken(
      Integration integration,
      Received.Parameters parameters,
      Optional<Secret> browser,
      Action again,
      Action soonAgain) {
    try {
      CallbackResult result = callbacks.receive(integration, parameters, browser);
      ports.listener().ended(integration.slug(), CallbackListener.End.of(result));
      return shown(integration.slug(), result, soonAgain);
    } catch (UnavailableException e) {
      ports.listener().ended(integration.slug(), CallbackListener.End.UNAVAILABLE);
      LOG.warn(
          "{}: a callback cannot be taken now, its state stays good: {}",
          integration.slug(),
          e.getMessage());
      return pages.notice(notices.unavailable(again)).with(RETRY_AFTER, "5");
    }
  }

  private Answer shown(String slug, CallbackResult result, Action soonAgain) {
    return switch (result) {
      case CallbackResult.Accepted(ConnectionKey key, String id, Asker asker) ->
          // Away from the address that has the code in it.
          Answer.redirect(303, outcomes.address(key, id, asker));
      case CallbackResult.Denied(ConnectionKey key, Reason reason, var said, Asker asker) ->
          failed(denied(key, reason, said), key, reason, asker);
      case CallbackResult.MissingCode(ConnectionKey key, Asker asker) ->
          failed(notices.failed(400, key, MISSING_CODE), key, MISSING_CODE, asker);
      case CallbackResult.ReplayedState(ConnectionKey key, String id) ->
          pages.notice(notices.replayedState(outcomes.address(key, id, Asker.NOBODY)));
      case CallbackResult.RepeatedParameter(String name) ->
          pages.notice(notices.repeatedParameter(slug, name));
      case CallbackResult.MissingState() -> pages.notice(notices.missingState(slug));
      case CallbackResult.UnknownState() -> pages.notice(notices.unknownState(slug));
      case CallbackResult.ExpiredState _ -> pages.notice(notices.expiredState(slug));
      case CallbackResult.WrongIntegration() -> pages.notice(notices.wrongIntegration(slug));
      case CallbackResult.WrongBrowser _ -> pages.notice(notices.wrongBrowser(slug));
      case CallbackResult.WrongIssuer _ -> pages.notice(notices.wrongIssuer(slug));
      case CallbackResult.UsedLink _ -> pages.notice(notices.linkNotGood(slug));
      case CallbackResult.Busy() -> pages.notice(notices.busy(soonAgain)).with(RETRY_AFTER, "2");
    };
  }

  private Notice denied(ConnectionKey key, Reason reason, @Nullable String said) {
    int status = reason.code().equals(Reason.DECLINED) ? 200 : 400;
    Notice notice = notices.failed(status, key, reason);
    return said == null || said.isEmpty()
        ? notice
        : notice.aside(notice.aside() + ". The provider says: “" + said + "”");
  }

  private Answer failed(Notice notice, ConnectionKey key, Reason reason, Asker asker) {
    return pages.notice(outcomes.leaving(notice, key, reason, asker));
  }
}
