package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Stands before a real server's token endpoint, on 127.0.0.1, and keeps the same ledger of it as
 * the simulator does of itself, by what comes by; and it can break the way there as the simulator
 * breaks. Requests are passed on as they are, but for {@code X-Perennial-Worker} and what belongs
 * to a connection; redirects are answers. Thread-safe; closing it ends every connection.
 *
 * <p>The ledger names codes and refresh tokens in the order it first saw them and keeps their
 * SHA-256 only, so {@link Ledger#allSecretsIssued()} is empty. A code counts as issued when it is
 * first presented. Of a revocation it learns only by a refusal. Where the server gave no whole
 * answer the caller gets a 502, and the use stays {@link Outcome#UNPROCESSED}.
 */
public final class RecordingProxy implements Breakable, AutoCloseable {
  private static final int LONGEST_BODY = 1 << 20;
  private static final Duration GLANCE = Duration.ofMillis(1);

  private final String provider;
  private final URI target;
  private final InstantSource clock;
  private final Ledger ledger = new Ledger();
  private final Faults faults = new Faults();
  private final FaultyService service = new FaultyService(faults);
  private final Chains chains;
  private final Upstream upstream;
  private final HttpListener listener;

  private RecordingProxy(String provider, URI target, Duration reuseWindow, InstantSource clock) {
    this.provider = provider;
    this.target = target;
    this.clock = clock;
    this.chains = new Chains(provider, reuseWindow, ledger, clock);
    this.upstream = new Upstream(target);
    this.listener = new HttpListener(0);
    listener.serve(this::handle);
  }

  /**
   * Starts one on any port before a server without a reuse window.
   *
   * @param provider by which the ledger names what it sees
   * @param tokenEndpoint http or https; a query stays part of every request
   * @throws IllegalArgumentException where it is neither
   */
  public static RecordingProxy start(String provider, URI tokenEndpoint) {
    return start(provider, tokenEndpoint, Duration.ZERO);
  }

  /**
   * Starts one on any port.
   *
   * @param provider by which the ledger names what it sees
   * @param tokenEndpoint http or https; a query stays part of every request
   * @param reuseWindow how long after its first use the server lets a spent refresh token be
   *     repeated; zero for never
   * @throws IllegalArgumentException where the address is neither
   */
  public static RecordingProxy start(String provider, URI tokenEndpoint, Duration reuseWindow) {
    return start(provider, tokenEndpoint, reuseWindow, InstantSource.system());
  }

  static RecordingProxy start(
      String provider, URI tokenEndpoint, Duration reuseWindow, InstantSource clock) {
    String scheme = tokenEndpoint.getScheme();
    if (tokenEndpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException("not an http or https address: " + tokenEndpoint);
    }
    return new RecordingProxy(provider, tokenEndpoint, reuseWindow, clock);
  }

  /** The address that takes the real one's place: the same path at this proxy. */
  public URI tokenUri() {
    return URI.create("http://127.0.0.1:" + listener.port() + path());
  }

  public Ledger ledger() {
    return ledger;
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

  /** Ends every connection, also those that hang. Calling it again does nothing. */
  @Override
  public void close() {
    listener.close();
    upstream.close();
  }

  private String path() {
    String path = target.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  private void handle(HttpRequest request, HttpConnection connection) throws IOException {
    if (!request.path().equals(path())) {
      connection.send(HttpResponse.of(404, "text/plain", "no such path here\n"));
    } else if (!request.method().equals("POST")) {
      connection.send(HttpResponse.of(405, "text/plain", "only POST is passed on\n"));
    } else if (request.body().getBytes(StandardCharsets.UTF_8).length > LONGEST_BODY) {
      connection.send(HttpResponse.of(413, "text/plain", "more than 1 MiB\n"));
    } else {
      serve(TokenRequest.readWhatCanBe(request), request, connection);
    }
  }

  private void serve(TokenRequest asked, HttpRequest request, HttpConnection connection)
      throws IOException {
    Register.Names names = chains.presented(asked.kind(), asked.presented());
    Call.Presented presented =
        new Call.Presented(
            asked.kind(),
            names.token(),
            names.grant(),
            asked.clientId(),
            Worker.of(request, connection));
    try (Call call = ledger.open(provider, presented, clock)) {
      service.serve(call, connection, page -> process(asked, request, page, connection));
    }
  }

  // A grant counts from when it was sent and a refusal from when it came: where two overlapped, the
  // one that was granted was processed first.
  private HttpResponse process(
      TokenRequest asked, HttpRequest request, Call call, HttpConnection connection)
      throws IOException {
    long sent = ledger.nextOrder();
    Instant sentAt = clock.instant();
    HttpResponse response;
    try {
      response = upstream.forward(request);
    } catch (IOException e) {
      call.unanswered(ledger.nextOrder(), "no answer from the server");
      return HttpResponse.of(502, "text/plain", "the server gave no answer\n");
    }
    note(asked, ServerAnswer.read(response), call, sent, sentAt);
    if (!connection.waitUnlessGone(GLANCE)) {
      throw new IOException("the caller left before the server answered");
    }
    return response;
  }

  private void note(TokenRequest asked, ServerAnswer answer, Call call, long sent, Instant sentAt) {
    Kind kind = asked.kind();
    if (answer.outcome() == Outcome.GRANTED) {
      Chains.Step step = chains.granted(kind, asked.presented(), answer.refreshToken(), sentAt);
      call.granted(sent, step.issued(), step.spends(), step.reusableUntil());
    } else if (answer.outcome() == Outcome.REFUSED) {
      chains.refused(kind, asked.presented(), answer.detail());
      call.refused(ledger.nextOrder(), answer.detail());
    } else {
      call.failed(ledger.nextOrder(), answer.detail());
    }
  }
}
