package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.ConnectSessions.ConnectSession;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.RenderingException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /connect/{integration}}: from a consent link to the provider's consent page (RFC 6749
 * section 4.1.1). Thread-safe.
 */
final class ConnectEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectEndpoint.class);

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final RandomText random;
  private final BrowserBinding binding;
  private final Notices notices;
  private final Pages pages;

  ConnectEndpoint(
      IngressPorts ports,
      IngressSettings settings,
      RandomText random,
      BrowserBinding binding,
      Notices notices,
      Pages pages) {
    this.ports = ports;
    this.settings = settings;
    this.random = random;
    this.binding = binding;
    this.notices = notices;
    this.pages = pages;
  }

  Answer open(String slug, String rawQuery, Optional<Secret> browser) {
    Optional<Integration> integration = ports.integrations().find(slug);
    if (integration.isEmpty()) {
      return pages.notice(notices.unknownIntegration());
    }
    return switch (Received.read(rawQuery)) {
      case Received.Flaw flaw -> pages.notice(notices.flawed(flaw, 414));
      case Received.Parameters parameters -> begin(integration.get(), parameters, browser);
    };
  }

  private Answer begin(
      Integration integration, Received.Parameters parameters, Optional<Secret> browser) {
    String slug = integration.slug();
    if (!integration.hasConsent()) {
      return pages.notice(notices.withoutBrowser(slug));
    }
    if (!integration.missingVariables().isEmpty()) {
      LOG.error(
          "{}: no consent can begin; set {} and start again",
          slug,
          String.join(", ", integration.missingVariables()));
      return pages.notice(notices.notSetUp(slug));
    }
    try {
      return permitted(integration, parameters, browser);
    } catch (RenderingException e) {
      LOG.error("{}: the consent link cannot be made: {}", slug, e.getMessage());
      return pages.notice(notices.notSetUp(slug));
    } catch (UnavailableException e) {
      LOG.warn("{}: no consent can begin: {}", slug, e.getMessage());
      return pages.notice(notices.connectUnavailable()).with("Retry-After", "5");
    }
  }

  private Answer permitted(
      Integration integration, Received.Parameters parameters, Optional<Secret> browser) {
    String slug = integration.slug();
    // Made before the session is redeemed: a definition at fault must not cost the user the link.
    Consent consent = Consent.of(integration, settings, random);
    String session = parameters.first("session");
    if (session != null) {
      Optional<ConnectSession> redeemed =
          ports
              .sessions()
              .redeem(Secret.of(session))
              .filter(made -> made.key().integration().equals(slug));
      return redeemed.isEmpty()
          ? pages.notice(notices.linkNotGood(slug))
          : send(consent, redeemed.get(), browser);
    }
    if (!settings.openConnect()) {
      return pages.notice(notices.linkNeeded(slug));
    }
    String asked = parameters.first("connection");
    String connection = asked == null ? ConnectionKey.DEFAULT : asked;
    return ConnectionKey.isConnectionId(connection)
        ? send(consent, new ConnectSession(new ConnectionKey(slug, connection), null), browser)
        : pages.notice(notices.badConnection());
  }

  private Answer send(Consent consent, ConnectSession session, Optional<Secret> sent) {
    Secret browser = sent.isPresent() ? sent.get() : random.secret();
    String id = random.id();
    ports
        .pending()
        .add(
            consent.state(),
            new PendingAuthorization(
                session.key(),
                id,
                browser,
                consent.codeVerifier(),
                session.returnTo(),
                Preparation.NONE),
            settings.stateValid());
    LOG.info("{}: consent {} begins", session.key(), id);
    return Answer.redirect(302, consent.url().toASCIIString())
        .with("Set-Cookie", binding.setCookie(browser));
  }

  /** What one consent link is made of. */
  private record Consent(Secret state, @Nullable Secret codeVerifier, URI url) {

    static Consent of(Integration integration, IngressSettings settings, RandomText random) {
      Secret state = random.secret();
      Secret verifier = integration.pkce() ? random.secret() : null;
      URI url =
          integration.consentUrl(
              FlowValues.forConsent(
                  settings.redirectUrl(integration.slug()),
                  state,
                  verifier == null ? null : challenge(verifier)));
      return new Consent(state, verifier, url);
    }

    /** S256 of RFC 7636 section 4.2. */
    private static String challenge(Secret verifier) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier.reveal()));
    }

    /** The link holds the state, so it is not printed. */
    @Override
    public String toString() {
      return "Consent[" + url.getHost() + "]";
    }
  }
}
