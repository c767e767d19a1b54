package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.Preparation;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls.CallFailedException;
import dev.perennial.ingress.Notice.Action;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins grants that need no consent page of a browser: client credentials, assertions, and device
 * grants (RFC 8628), whose user enters a code elsewhere. Thread-safe.
 */
final class DirectGrants {
  private static final Logger LOG = LoggerFactory.getLogger(DirectGrants.class);
  private static final int MAX_CODE = 64;

  private final IngressPorts ports;
  private final IngressSettings settings;
  private final RandomText random;
  private final NewGrants grants;
  private final OutcomeEndpoint outcomes;
  private final Notices notices;
  private final Pages pages;

  DirectGrants(
      IngressPorts ports,
      IngressSettings settings,
      RandomText random,
      NewGrants grants,
      OutcomeEndpoint outcomes,
      Notices notices,
      Pages pages) {
    this.ports = ports;
    this.settings = settings;
    this.random = random;
    this.grants = grants;
    this.outcomes = outcomes;
    this.notices = notices;
    this.pages = pages;
  }

  /**
   * @throws dev.perennial.domain.UnavailableException where Redis or Kafka does not answer; the
   *     session then belongs to nobody or to this call, and a repetition is refused
   */
  Answer begin(Integration integration, ConnectEndpoint.Permit permit) {
    ConnectionKey key = permit.what().key();
    FlowValues flow =
        FlowValues.forCode(settings.redirectUrl(integration.slug()), null, null, Map.of());
    ConnectionContext context = ports.calls().discover(integration, flow.in(permit.context()));
    Preparation preparation = Consent.prepare(integration, context, flow, ports.calls());
    String id = random.id();
    Notice page =
        integration.prepares()
            ? notices.device(integration.slug(), device(integration, preparation, permit, id))
            : null;
    Secret session = permit.session();
    if (session != null && !ports.sessions().redeem(session, id)) {
      return pages.notice(notices.linkNotGood(integration.slug()));
    }
    grants.publish(key, id, new AuthorizationCode(null, null, Map.of(), preparation));
    LOG.info("{}: grant {} without a consent page is on its way", key, id);
    return page == null ? Answer.redirect(303, outcome(permit, id)) : pages.notice(page);
  }

  private String outcome(ConnectEndpoint.Permit permit, String id) {
    return outcomes.address(
        permit.what().key(), id, Asker.of(permit.what().returnTo(), permit.opener(), settings));
  }

  private Action.Device device(
      Integration integration, Preparation preparation, ConnectEndpoint.Permit permit, String id) {
    String code = text(preparation, "user_code");
    String page = text(preparation, "verification_uri_complete");
    if (page == null) {
      page = text(preparation, "verification_uri");
    }
    if (page == null) { // drafts of RFC 8628 spelled it so, and some servers still do
      page = text(preparation, "verification_url");
    }
    Optional<String> host = page == null ? Optional.empty() : safeHost(page);
    if (code == null || code.length() > MAX_CODE || page == null || host.isEmpty()) {
      throw new CallFailedException(
          integration.slug() + ": the answer to prepare has no user code with an https address");
    }
    return new Action.Device(
        code,
        host.get(),
        page,
        outcome(permit, id),
        outcomes.progressAddress(permit.what().key(), id));
  }

  private static @Nullable String text(Preparation preparation, String name) {
    return preparation.prepared().get(name) instanceof String text && !text.isBlank() ? text : null;
  }

  private static Optional<String> safeHost(String page) {
    return WebAddress.read(page)
        .filter(address -> address.scheme().equals("https") || address.isLoopback())
        .map(WebAddress::host);
  }
}
