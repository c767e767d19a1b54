package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.ProviderProfile.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A pretend OAuth 2.0 provider, or several, on one port, of 127.0.0.1 unless told otherwise: {@code
 * /p/<name>/authorize|token|resource|revoke}, and whatever further paths a profile names. Closing
 * it ends every connection. Thread-safe.
 */
public final class ProviderSimulator implements AutoCloseable {
  private final Ledger ledger = new Ledger();
  private final Map<String, SimulatedProvider> providers = new LinkedHashMap<>();
  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final HttpListener listener;

  private record Route(SimulatedProvider provider, Endpoint endpoint) {}

  private ProviderSimulator(
      HttpListener listener,
      InstantSource clock,
      RandomGenerator random,
      List<ProviderProfile> profiles) {
    this.listener = listener;
    Mint mint = new Mint(random, ledger);
    for (ProviderProfile profile : profiles) {
      add(new SimulatedProvider(profile, baseUri().toString(), ledger, mint, clock));
    }
    listener.serve(this::handle);
  }

  /** Starts one on any port, by the system's clock and with random tokens. */
  public static ProviderSimulator start(ProviderProfile... profiles) {
    return start(0, List.of(profiles));
  }

  /**
   * Starts one by the system's clock and with random tokens.
   *
   * @param preferredPort where it is taken, the next free one; 0 for any
   */
  public static ProviderSimulator start(int preferredPort, List<ProviderProfile> profiles) {
    return start(preferredPort, InstantSource.system(), new SecureRandom(), profiles);
  }

  /**
   * Starts one there and nowhere else, by the system's clock and with random tokens: in a container
   * its callers come from outside.
   */
  public static ProviderSimulator start(InetSocketAddress address, List<ProviderProfile> profiles) {
    return new ProviderSimulator(
        new HttpListener(address), InstantSource.system(), new SecureRandom(), profiles);
  }

  /**
   * Starts one.
   *
   * @param clock by which tokens expire
   * @param random from which tokens are drawn; need not be thread-safe
   * @throws IllegalArgumentException where two profiles claim the same path
   */
  public static ProviderSimulator start(
      int preferredPort,
      InstantSource clock,
      RandomGenerator random,
      List<ProviderProfile> profiles) {
    return new ProviderSimulator(new HttpListener(preferredPort), clock, random, profiles);
  }

  public int port() {
    return listener.port();
  }

  /** {@code http://127.0.0.1:<port>}, as seen from its own machine. */
  public URI baseUri() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /**
   * @throws IllegalArgumentException where there is no such provider
   */
  public SimulatedProvider provider(String name) {
    SimulatedProvider provider = providers.get(name);
    if (provider == null) {
      throw new IllegalArgumentException("no provider " + name + " among " + providers.keySet());
    }
    return provider;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Ends every connection, also those that hang. Calling it again does nothing. */
  @Override
  public void close() {
    listener.close();
  }

  private void add(SimulatedProvider provider) {
    ProviderProfile profile = provider.profile();
    providers.put(profile.name, provider);
    for (Endpoint endpoint : Endpoint.ALL) {
      String path = "/p/" + profile.name + "/" + endpoint.name().toLowerCase(Locale.ROOT);
      route(path, new Route(provider, endpoint));
    }
    profile.aliases.forEach((path, endpoint) -> route(path, new Route(provider, endpoint)));
  }

  private void route(String path, Route route) {
    if (routes.putIfAbsent(path, route) != null) {
      throw new IllegalArgumentException("two providers want " + path);
    }
  }

  private void handle(HttpRequest request, HttpConnection connection) throws IOException {
    Route route = routes.get(request.path());
    if (route == null) {
      connection.send(HttpResponse.of(404, "text/plain", "no such path here\n"));
    } else {
      route.provider().handle(route.endpoint(), request, connection);
    }
  }
}
