package dev.perennial.app.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial health}: for images that have neither a shell nor curl. */
@Command(
    name = "health",
    description =
        "Ask the process on this machine whether it can do its work; exit code 1 where it cannot or"
            + " does not answer.")
final class HealthCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final PerennialCommand top;

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      description = "The admin listener. Default: admin.host and admin.port.")
  private @Nullable URI url;

  @Option(
      names = "--live",
      description = "Only whether it answers, whatever it thinks of Kafka and Redis.")
  private boolean live;

  HealthCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    URI base = url == null ? AdminAccess.url(top.config(Map.of()).adminListener()) : url;
    HttpResponse<String> answer = ask(base);
    PrintWriter out = top.surroundings().out();
    out.println(answer.body().strip());
    out.flush();
    return answer.statusCode() == 200 ? 0 : 1;
  }

  private HttpResponse<String> ask(URI base) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + (live ? "/health/live" : "/health/ready")))
            .timeout(PATIENCE)
            .build();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandFailure(
          "nobody answers at " + base + " (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted");
    }
  }
}
