package dev.perennial.client.example;

import dev.perennial.client.Credentials;
import dev.perennial.client.Token;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls a protected resource ten times a second with a token that is always fresh. */
public final class Pipeline {
  private Pipeline() {}

  public static void main(String[] arguments) throws Exception {
    String kafka = arguments[0]; // e.g. 127.0.0.1:9092
    Path keyRing = Path.of(arguments[1]); // e.g. keys.json
    String connection = arguments[2]; // e.g. google/acme
    URI resource = URI.create(arguments[3]);
    HttpClient http = HttpClient.newHttpClient();
    try (Credentials credentials =
        Credentials.onKafka(Map.of("bootstrap.servers", kafka)).keyRing(keyRing).start()) {
      credentials.ready().get(30, TimeUnit.SECONDS);
      while (!Thread.currentThread().isInterrupted()) {
        Token token = credentials.awaitFresh(connection, Duration.ofSeconds(1));
        HttpRequest request =
            HttpRequest.newBuilder(resource)
                .header("Authorization", token.authorization())
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " with version " + token.version());
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }
}
