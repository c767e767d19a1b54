package dev.perennial.app.role;

import dev.perennial.app.access.Callers;
import dev.perennial.app.admin.AdminPorts;
import dev.perennial.app.admin.AdminRoutes;
import dev.perennial.app.admin.AdminSettings;
import dev.perennial.app.admin.ProblemResponses;
import dev.perennial.app.admin.Readiness;
import dev.perennial.app.config.PerennialConfig;
import dev.perennial.app.console.ConsolePorts;
import dev.perennial.app.console.ConsoleRoutes;
import dev.perennial.app.console.change.ChangeMemory;
import dev.perennial.app.console.change.RecentChanges;
import dev.perennial.app.listener.Patience;
import dev.perennial.app.listener.UnreadBodies;
import dev.perennial.app.metric.AdminRequests;
import dev.perennial.app.metric.CallbackMeters;
import dev.perennial.app.trace.TracedRequests;
import dev.perennial.exchanger.Importing;
import dev.perennial.exchanger.Revocation;
import dev.perennial.ingress.IngressPorts;
import dev.perennial.ingress.IngressRoutes;
import dev.perennial.stream.TopicTail;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP listeners of a process: the public one where it is ingress, the admin one always. A
 * request that has begun is finished before a listener closes: a callback within the delivery
 * timeout.
 */
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /** A caller may be waiting for a refresh. */
  private static final Duration ADMIN_GRACE = Duration.ofSeconds(30);

  /** How long a request may keep us waiting for its next byte, and for all of its head. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** How long a connection may be kept without a request. */
  private static final Duration IDLE = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofSeconds(10);

  /** More than any form that is read; what is too long for us is answered by us. */
  private static final long MAX_PUBLIC_BODY = 1 << 20;

  private final @Nullable AdminRoutes api;
  private final Patience patience = new Patience(SILENCE, System::nanoTime);
  private final ChangeMemory memory = new ChangeMemory();
  private final @Nullable TopicTail tail;
  private final WebServer admin;
  private final @Nullable WebServer ingress;

  Listeners(
      Foundation on,
      Set<Role> roles,
      NodeOptions options,
      Readiness readiness,
      Supplier<String> metrics) {
    PerennialConfig config = on.config;
    warnOfOthers(config.adminListener().host());
    Callers callers = AdminCallers.of(config.adminListener(), on.clock);
    boolean whole = roles.contains(Role.CREDENTIALS);
    this.api = whole ? adminRoutes(on, callers, readiness, metrics) : null;
    this.tail =
        whole
            ? TopicTail.start(
                on.kafka, on.topics.credentialsUpdated(), on.codec, RecentChanges.MOST, memory)
            : null;
    this.admin =
        start(
            "admin",
            config.adminListener().host(),
            config.adminListener().port(),
            WebServer.builder()
                .directHandlers(ProblemResponses.all())
                .maxTcpConnections(config.adminListener().maxConnections())
                .shutdownGracePeriod(ADMIN_GRACE),
            Http1Config.create(),
            api != null
                ? List.of(console(on, api, callers, memory), api)
                : List.of(AdminRoutes.healthOnly(callers, readiness, metrics, on.audit)),
            TracedRequests.ofServices(on.tracing),
            new AdminRequests(on.meters, System::nanoTime));
    this.ingress =
        roles.contains(Role.INGRESS)
            ? start(
                "public",
                config.publicListener().host(),
                config.publicListener().port(),
                WebServer.builder()
                    .maxTcpConnections(config.publicListener().maxConnections())
                    .maxPayloadSize(MAX_PUBLIC_BODY)
                    .shutdownGracePeriod(config.refresh().delivery()),
                IngressRoutes.protocol(),
                List.of(ingressRoutes(on, options)),
                TracedRequests.ofBrowsers(on.tracing))
            : null;
  }

  private static HttpService console(
      Foundation on, AdminRoutes api, Callers callers, ChangeMemory memory) {
    return new ConsoleRoutes(
        new ConsolePorts(
            api.calls(),
            callers,
            memory,
            on.censuses,
            on.exchangerReports::known,
            on.audit,
            on.clock,
            System::nanoTime,
            on.random));
  }

  private static AdminRoutes adminRoutes(
      Foundation on, Callers callers, Readiness readiness, Supplier<String> metrics) {
    PerennialConfig config = on.config;
    return new AdminRoutes(
        new AdminPorts(
            on.integrations,
            on.store,
            on.sessions,
            on.pending,
            on.events,
            on.payloads,
            new Importing(on.payloads, on.timing.policy()),
            new Revocation(on.calls, on.payloads, on::redirectUrl)::revoke,
            on.audit),
        AdminSettings.of(
            config.publicListener().url(),
            Settings.returnOrigins(config),
            config.connect().sessionValid()),
        callers,
        readiness,
        metrics,
        on.clock,
        System::nanoTime,
        on.random);
  }

  private static HttpService ingressRoutes(Foundation on, NodeOptions options) {
    return new IngressRoutes(
        new IngressPorts(
            on.integrations,
            on.pending,
            on.codes,
            on.sessions,
            on.events,
            on.payloads::seal,
            on.calls,
            new CallbackMeters(on.meters, on.integrations)),
        Settings.ingress(on.config, options),
        Settings.limit(on.config),
        on.clock,
        on.random);
  }

  private static void warnOfOthers(String host) {
    try {
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        LOG.warn(
            "admin.host is {}: other machines can reach the admin listener. It speaks plain HTTP"
                + " and hands out access tokens: let a network policy or a proxy with TLS stand"
                + " before it.",
            host);
      }
    } catch (UnknownHostException _) {
      // told when it is listened on
    }
  }

  private WebServer start(
      String name,
      String host,
      int port,
      WebServerConfig.Builder listener,
      Http1Config protocol,
      List<HttpService> routes,
      Filter... filters) {
    WebServer server =
        patience
            .over(listener, protocol)
            .idleConnectionTimeout(IDLE)
            .idleConnectionPeriod(LOOK)
            .host(host)
            .port(port)
            .shutdownHook(false)
            .routing(routing -> {
              routing.addFilter(patience).addFilter(new UnreadBodies());
              for (Filter filter : filters) {
                routing.addFilter(filter);
              }
              routing.register(routes.toArray(HttpService[]::new));
            })
            .build()
            .start();
    if (server.port() < 0) { // a failed bind does not throw
      throw new StartProblems(
          List.of(
              "the "
                  + name
                  + " listener cannot listen on "
                  + host
                  + ":"
                  + port
                  + ": it is taken or not ours; set "
                  + name
                  + ".port, 0 for any free one"));
    }
    return server;
  }

  int adminPort() {
    return admin.port();
  }

  /** -1 where this process is no ingress. */
  int publicPort() {
    return ingress == null ? -1 : ingress.port();
  }

  /** No more callbacks, and nobody waits for a refresh any longer; health is still answered. */
  void closePublic() {
    if (api != null) {
      api.stopWaiting();
    }
    memory.close();
    if (tail != null) {
      tail.close();
    }
    if (ingress != null) {
      ingress.stop();
    }
  }

  @Override
  public void close() {
    closePublic();
    admin.stop();
    patience.close();
  }
}
