package dev.perennial.bench.row;

import dev.perennial.bench.bed.BedException;
import dev.perennial.bench.bed.TestBed;
import dev.perennial.bench.figure.Figure;
import dev.perennial.bench.figure.Spread;
import dev.perennial.bench.figure.Target;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntFunction;

/**
 * Credentials asked for over the admin API, 1,000 a second, each of another connection, beside the
 * plainest answer that the same listener gives ({@code /health/live}) at the same rate.
 */
public final class ReadApi implements Measurement {
  private static final int PER_SECOND = 1_000;
  private static final int CONNECTIONS = 10_000;
  private static final double PART = 0.99;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Override
  public List<String> rows() {
    return List.of("read.api.p99_ms");
  }

  @Override
  public boolean quick() {
    return false;
  }

  @Override
  public List<Figure> measure(Run run) {
    run.pool().grow(CONNECTIONS);
    String base = "http://127.0.0.1:" + run.pool().credentials().adminPort();
    List<Double> reads = new ArrayList<>();
    List<Double> plain = new ArrayList<>();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      run.say("read.api: warming up");
      times(run, http, run.pace().warmUp(), number -> credentials(base, number));
      for (int i = 1; i <= run.pace().alternations(); i++) {
        Duration window = run.pace().window();
        reads.add(
            Percentile.of(times(run, http, window, number -> credentials(base, number)), PART));
        plain.add(Percentile.of(times(run, http, window, _ -> live(base)), PART));
        run.say("read.api: p99 %.2f ms, plain %.2f ms".formatted(reads.getLast(), plain.getLast()));
      }
    }
    return List.of(
        Figure.local("read.api.p99_ms", "ms", Spread.of(reads), Target.atMost(20, 5)),
        Figure.beside("read.api.plain.p99_ms", "ms", Spread.of(plain)));
  }

  private static HttpRequest credentials(String base, int number) {
    String path = "/v1/connections/" + TestBed.INTEGRATION + "/c" + number % CONNECTIONS;
    return HttpRequest.newBuilder(URI.create(base + path + "/credentials"))
        .header("Authorization", "Bearer " + TestBed.ADMIN_TOKEN)
        .timeout(LIMIT)
        .build();
  }

  private static HttpRequest live(String base) {
    return HttpRequest.newBuilder(URI.create(base + "/health/live")).timeout(LIMIT).build();
  }

  /** Of each answer in milliseconds, from the moment at which it was to be asked for. */
  private static double[] times(
      Run run, HttpClient http, Duration window, IntFunction<HttpRequest> request) {
    Queue<Double> times = new ConcurrentLinkedQueue<>();
    int count =
        Arrivals.run(
            run,
            PER_SECOND,
            window,
            number -> {
              long begin = System.nanoTime();
              if (answered(http, request.apply(number))) {
                times.add((System.nanoTime() - begin) / 1e6);
              }
            });
    if (times.size() < count) {
      throw new BedException((count - times.size()) + " of " + count + " reads failed");
    }
    return times.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static boolean answered(HttpClient http, HttpRequest request) {
    try {
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      return answer.statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
