package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.ConnectionVariable;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.domain.definition.RenderingException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /connect/{integration}}: from a consent link to the provider's consent page (RFC 6749
 * section 4.1.1). Opening it uses nothing up; the consent that comes back does. {@code POST} begins
 * a grant that needs no consent page. Thread-safe.
 */
final class ConnectEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectEndpoint.class);

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final RandomText random;
  private final BrowserBinding binding;
  private final DirectGrants direct;
  private final Notices notices;
  private final Pages pages;
  private final InstantSource clock;

  ConnectEndpoint(
      IngressPorts ports,
      IngressSettings settings,
      RandomText random,
      BrowserBinding binding,
      DirectGrants direct,
      Notices notices,
      Pages pages,
      InstantSource clock) {
    this.ports = ports;
    this.settings = settings;
    this.random = random;
    this.binding = binding;
    this.direct = direct;
    this.notices = notices;
    this.pages = pages;
    this.clock = clock;
  }

  Answer open(String slug, String rawQuery, Optional<Secret> browser) {
    return answer(
        slug,
        rawQuery,
        414,
        (integration, parameters, permit) ->
            integration.hasConsent()
                ? send(integration, permit, browser)
                : pages.notice(notices.begin(slug, begin(integration, parameters))));
  }

  /** The same parameters, as a form. */
  Answer post(String slug, boolean isForm, String body) {
    return isForm
        ? answer(
            slug,
            body,
            413,
            (integration, _, permit) ->
                integration.hasConsent()
                    ? pages.notice(notices.methodNotAllowed()).with("Allow", "GET, HEAD")
                    : direct.begin(integration, permit))
        : pages.notice(notices.notAForm());
  }

  /**
   * What a link permits.
   *
   * @param session null where {@code /connect} is open
   * @param opener origin of the page that opened it in a window of its own; null where none did
   */
  record Permit(ConnectSession what, @Nullable Secret session, @Nullable String opener) {

    /** What templates read of it. */
    ConnectionContext context() {
      return ConnectionContext.of(what.variables()).withScopes(what.scopes());
    }
  }

  private interface Step {
    Answer take(Integration integration, Received.Parameters parameters, Permit permit);
  }

  private Answer answer(String slug, String raw, int tooLongStatus, Step step) {
    Optional<Integration> integration = ports.integrations().find(slug);
    if (integration.isEmpty()) {
      return pages.notice(notices.unknownIntegration());
    }
    return switch (Received.read(raw)) {
      case Received.Flaw flaw -> pages.notice(notices.flawed(flaw, tooLongStatus));
      case Received.Parameters parameters -> ready(integration.get(), parameters, step);
    };
  }

  private Answer ready(Integration integration, Received.Parameters parameters, Step step) {
    String slug = integration.slug();
    if (!integration.missingVariables().isEmpty()) {
      LOG.error(
          "{}: nothing can be connected; set {} and start again",
          slug,
          String.join(", ", integration.missingVariables()));
      return pages.notice(notices.notSetUp(slug));
    }
    try {
      return permitted(integration, parameters, step);
    } catch (RenderingException e) {
      LOG.error("{}: the consent link cannot be made: {}", slug, e.getMessage());
      return pages.notice(notices.notSetUp(slug));
    } catch (CallFailedException e) {
      LOG.warn("{}: the provider cannot be asked before a consent: {}", slug, e.getMessage());
      return pages.notice(notices.providerUnavailable(slug)).with("Retry-After", "5");
    } catch (UnavailableException e) {
      LOG.warn("{}: no consent can begin: {}", slug, e.getMessage());
      return pages.notice(notices.connectUnavailable()).with("Retry-After", "5");
    }
  }

  private Answer permitted(Integration integration, Received.Parameters parameters, Step step) {
    String slug = integration.slug();
    String session = parameters.first("session");
    if (session == null && !settings.openConnect()) {
      return pages.notice(notices.linkNeeded(slug));
    }
    String asked = parameters.first("connection");
    String connection = asked == null ? ConnectionKey.DEFAULT : asked;
    if (session == null && !ConnectionKey.isConnectionId(connection)) {
      return pages.notice(notices.badConnection());
    }
    Optional<Permit> permit =
        session == null
            ? Optional.of(
                new Permit(
                    new ConnectSession(
                        new ConnectionKey(slug, connection),
                        null,
                        variables(integration, parameters)),
                    null,
                    parameters.first("popup")))
            : ports
                .sessions()
                .find(Secret.of(session))
                .filter(made -> made.key().integration().equals(slug))
                .map(made -> new Permit(made, Secret.of(session), parameters.first("popup")));
    if (permit.isEmpty()) {
      return pages.notice(notices.linkNotGood(slug));
    }
    List<String> refused = integration.refuse(permit.get().what().variables());
    if (!refused.isEmpty()) {
      LOG.warn("{}: a link cannot be used: {}", slug, String.join("; ", refused));
      return pages.notice(notices.badVariables(slug));
    }
    return step.take(integration, parameters, permit.get());
  }

  /** Where no session brings them, the query may. */
  private static Map<String, String> variables(
      Integration integration, Received.Parameters parameters) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (ConnectionVariable variable : integration.connectionVariables()) {
      String value = parameters.first(variable.id());
      if (value != null) {
        variables.put(variable.id(), value);
      }
    }
    return variables;
  }

  private Notice.Action begin(Integration integration, Received.Parameters parameters) {
    return new Notice.Action.Resend(
        "Connect", settings.path("/connect/" + integration.slug()), parameters.values(), -1);
  }

  private Answer send(Integration integration, Permit permit, Optional<Secret> sent) {
    Secret browser = sent.isPresent() ? sent.get() : random.secret();
    Secret state =
        integration.stateParameter().isPresent()
            ? random.secret()
            : CookieState.of(integration, browser);
    Consent consent =
        Consent.of(integration, permit.context(), state, ports.calls(), settings, random);
    String id = random.id();
    ConnectSession what = permit.what();
    ports
        .pending()
        .add(
            state,
            new PendingAuthorization(
                what.key(),
                id,
                browser,
                consent.codeVerifier(),
                what.returnTo(),
                permit.opener(),
                permit.session(),
                consent.preparation()),
            settings.stateValid());
    if (permit.session() != null) {
      ports.sessions().begun(permit.session(), id, clock.instant().plus(settings.stateValid()));
    }
    LOG.info("{}: consent {} begins", what.key(), id);
    return Answer.redirect(302, consent.url().toASCIIString())
        .with("Set-Cookie", binding.setCookie(browser));
  }
}
