package dev.perennial.e2e;

import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.NoSecretInTheOpen;
import dev.perennial.prove.guarantee.Timing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Texts that somebody may read who is not to see any secret, by the name of their place. */
final class OpenPlaces {
  private static final Duration ANY = Duration.ofSeconds(1);

  private final Map<String, StringBuilder> texts = new LinkedHashMap<>();

  OpenPlaces add(String place, String text) {
    texts.computeIfAbsent(place, _ -> new StringBuilder()).append(text).append('\n');
    return this;
  }

  OpenPlaces add(String place, List<String> lines) {
    return add(place, String.join("\n", lines));
  }

  /** An answer as it is served: status, headers and body. */
  OpenPlaces answer(String place, HttpRequest.Builder request) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
      StringBuilder text = new StringBuilder(String.valueOf(answer.uri().getRawPath())).append(' ');
      text.append(answer.statusCode()).append('\n');
      answer
          .headers()
          .map()
          .forEach((name, values) -> text.append(name).append(": ").append(values).append('\n'));
      return add(place, text.append(answer.body()).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static HttpRequest.Builder get(String uri) {
    return HttpRequest.newBuilder(URI.create(uri));
  }

  static HttpRequest.Builder post(String uri, String type, String body) {
    return get(uri).header("Content-Type", type).POST(BodyPublishers.ofString(body));
  }

  Set<String> names() {
    return texts.keySet();
  }

  /** What the guarantee says of all places together. */
  List<String> violations(Set<String> secrets) {
    Evidence.Builder evidence = Evidence.of(new Timing(ANY, ANY, ANY, ANY, ANY)).secrets(secrets);
    texts.forEach((place, text) -> evidence.open(place, text.toString()));
    return new NoSecretInTheOpen().check(evidence.build()).violations();
  }

  /** The places where none of these is found. */
  List<String> without(Set<String> planted) {
    List<String> found = violations(planted);
    List<String> clean = new ArrayList<>(texts.keySet());
    clean.removeIf(place -> found.stream().anyMatch(it -> it.startsWith(place + " has a secret")));
    return clean;
  }
}
