package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.ProviderProfile.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One provider of a simulator, and the handles by which a test makes it slow, broken or forgetful
 * while it runs. Thread-safe. Delays and faults are those of the token endpoint.
 */
public final class SimulatedProvider implements Breakable {
  private final ProviderProfile profile;
  private final String base;
  private final Grants grants;
  private final Faults faults = new Faults();
  private final AuthorizationEndpoint authorization;
  private final TokenEndpoint token;

  SimulatedProvider(
      ProviderProfile profile, String server, Ledger ledger, Mint mint, InstantSource clock) {
    this.profile = profile;
    this.base = server + "/p/" + profile.name;
    this.grants = new Grants(profile, ledger, mint, clock);
    this.authorization = new AuthorizationEndpoint(profile, grants, base);
    this.token = new TokenEndpoint(profile, grants, faults, ledger, clock);
  }

  public ProviderProfile profile() {
    return profile;
  }

  /**
   * What {@code iss} says where the profile states it: {@code http://127.0.0.1:<port>/p/<name>}.
   */
  public URI issuer() {
    return URI.create(base);
  }

  public URI authorizeUri() {
    return uri(Endpoint.AUTHORIZE);
  }

  public URI tokenUri() {
    return uri(Endpoint.TOKEN);
  }

  /** A protected resource: 200 with a good access token, else 401. */
  public URI resourceUri() {
    return uri(Endpoint.RESOURCE);
  }

  public URI revokeUri() {
    return uri(Endpoint.REVOKE);
  }

  private URI uri(Endpoint endpoint) {
    return URI.create(base + "/" + endpoint.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public void delay(Duration wanted) {
    faults.delay(wanted);
  }

  @Override
  public void failNext(int requests, Fault fault) {
    faults.failNext(requests, fault);
  }

  @Override
  public void failWithProbability(double probability, long seed, Fault fault) {
    faults.failWithProbability(probability, seed, fault);
  }

  @Override
  public void failWithProbability(
      double probability, RandomGenerator random, Supplier<Fault> wanted) {
    faults.failWithProbability(probability, random, wanted);
  }

  @Override
  public void recover() {
    faults.recover();
  }

  /** The user takes back every consent given so far. */
  public void revokeAllGrants() {
    grants.revokeAll();
  }

  /**
   * A grant that somebody else has already, e.g. to be imported: its refresh token. No code is
   * issued for it.
   */
  public String handOut(String scope) {
    return grants.handOut(scope);
  }

  /**
   * Somebody else who holds a refresh token uses it, e.g. the system that it was imported from. The
   * same rules and the same ledger, no HTTP and no fault.
   *
   * @param worker whom the ledger names
   * @return the refresh token that the answer says; empty where it is refused or says none
   */
  public Optional<String> refresh(String refreshToken, String worker) {
    return switch (token.refresh(refreshToken, worker)) {
      case Granting.Granted granted -> Optional.ofNullable(granted.refreshToken());
      case Granting.Refused _ -> Optional.empty();
    };
  }

  void handle(Endpoint endpoint, HttpRequest request, HttpConnection connection)
      throws IOException {
    switch (endpoint) {
      case AUTHORIZE -> connection.send(authorization.answer(request));
      case TOKEN -> token.handle(request, connection);
      case RESOURCE -> connection.send(resource(request));
      case REVOKE -> connection.send(revoke(request));
    }
  }

  private HttpResponse resource(HttpRequest request) {
    String authorization = request.header("authorization");
    String grant =
        authorization != null && authorization.startsWith("Bearer ")
            ? grants.grantOf(authorization.substring("Bearer ".length()).strip())
            : null;
    return grant == null
        ? HttpResponse.of(401, "application/json", "{\"error\":\"invalid_token\"}")
            .with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
        : HttpResponse.of(200, "application/json", "{\"sim_grant\":\"" + grant + "\"}");
  }

  private HttpResponse revoke(HttpRequest request) {
    TokenRequest asked = TokenRequest.read(request);
    if (!asked.isClient(profile)) {
      return HttpResponse.of(401, "application/json", "{\"error\":\"invalid_client\"}");
    }
    grants.revoke(asked.parameters().get("token", ""));
    return HttpResponse.empty(200);
  }
}
