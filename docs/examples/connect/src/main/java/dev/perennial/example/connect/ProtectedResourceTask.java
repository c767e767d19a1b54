package dev.perennial.example.connect;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/**
 * Sends records one by one, in order, each with the token that is fresh then. At least once: where
 * it dies after a request and before Connect has noted its offset, that record is sent again.
 */
public final class ProtectedResourceTask extends SinkTask {
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private @Nullable FreshToken token;
  private URI resource = URI.create("");

  @Override
  public void start(Map<String, String> properties) {
    SinkSettings settings = new SinkSettings(properties);
    resource = settings.resource();
    token = new FreshToken(settings, InstantSource.system());
    try {
      token.awaitReady(READY);
    } catch (ExecutionException | TimeoutException e) {
      throw new ConnectException("credentials are not there in " + READY, e);
    }
  }

  @Override
  public void open(Collection<TopicPartition> partitions) {
    next.keySet().removeAll(partitions);
  }

  /** After a RetriableException Connect comes again with the same records. */
  @Override
  public void put(Collection<SinkRecord> records) {
    for (SinkRecord record : records) {
      TopicPartition from = new TopicPartition(record.topic(), record.kafkaPartition());
      if (record.kafkaOffset() >= next.getOrDefault(from, 0L)) {
        send(String.valueOf(record.value()));
        next.put(from, record.kafkaOffset() + 1);
      }
    }
  }

  private void send(String value) {
    int status = post(value, fresh());
    if (status == 401 || status == 429 || status >= 500) { // after a 401 a newer token comes
      throw later("the resource answered " + status);
    }
    if (status >= 300) {
      throw new ConnectException("the resource answered " + status);
    }
  }

  private String fresh() {
    FreshToken known = token;
    if (known == null) {
      throw new ConnectException("not started");
    }
    return known.find().orElseThrow(() -> later("no token that lives long enough"));
  }

  private int post(String value, String authorization) {
    HttpRequest request =
        HttpRequest.newBuilder(resource)
            .timeout(REQUEST)
            .header("Authorization", authorization)
            .POST(BodyPublishers.ofString(value))
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      throw new RetriableException("the resource does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("stopping", e);
    }
  }

  private RetriableException later(String why) {
    context.timeout(200); // ms until Connect tries again
    return new RetriableException(why);
  }

  @Override
  public void stop() {
    if (token != null) {
      token.close();
    }
  }

  @Override
  public String version() {
    return "example";
  }
}
