package dev.perennial.bench.bed;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.event.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Browsers that come back from a consent, and a clock that stops when the credential is seen on
 * {@code credentials-updated}. Thread-safe.
 */
public final class CallbackClient implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
  private final String url;
  private final Map<String, Long> sentAt = new ConcurrentHashMap<>();
  private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
  private final AtomicInteger seen = new AtomicInteger();
  private final Thread follower;
  private volatile boolean over;
  private volatile @Nullable Exception failure;

  /**
   * @param port of the ingress they come back to
   */
  public CallbackClient(int port, PerennialConfig config) {
    this.url = url(port);
    KafkaConsumer<byte[], byte[]> consumer = consumer(config);
    this.follower = Thread.ofPlatform().daemon().start(() -> follow(consumer));
  }

  private static String url(int port) {
    return "http://localhost:" + port;
  }

  /** Configuration of that ingress: all of them come from one address. */
  public static Map<String, String> ingress(int port) {
    return Map.of(
        "public.port",
        Integer.toString(port),
        "public.url",
        url(port),
        "public.limit-per-client",
        "0");
  }

  private static KafkaConsumer<byte[], byte[]> consumer(PerennialConfig config) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                config.kafka().bootstrapServers(),
                "key.deserializer",
                ByteArrayDeserializer.class,
                "value.deserializer",
                ByteArrayDeserializer.class));
    String topic = new Topics(config.topics().prefix()).credentialsUpdated();
    List<TopicPartition> all =
        IntStream.range(0, config.shards())
            .mapToObj(shard -> new TopicPartition(topic, shard))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position); // where the end is now, not at the first poll
    return consumer;
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    try (consumer) {
      while (!over) {
        for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofMillis(100))) {
          if (event.key() != null) {
            see(new String(event.key(), StandardCharsets.UTF_8));
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void see(String connection) {
    Long sent = sentAt.remove(connection);
    if (sent != null) {
      millis.add((System.nanoTime() - sent) / 1e6);
      seen.incrementAndGet();
    }
  }

  /** Goes the whole way: the link, the provider, which agrees at once, and back. */
  public void comeBack(int number) {
    try {
      HttpResponse<Void> link =
          http.send(
              get("/connect/" + TestBed.INTEGRATION + "?connection=c" + number, ""),
              BodyHandlers.discarding());
      String location = link.headers().firstValue("Location").orElse("");
      String cookie = link.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
      String state = location.replaceFirst(".*[?&]state=([^&]+).*", "$1");
      HttpRequest callback =
          get("/callback/" + TestBed.INTEGRATION + "?code=" + number + "&state=" + state, cookie);
      sentAt.put(TestBed.INTEGRATION + "/c" + number, System.nanoTime());
      HttpResponse<Void> page = http.send(callback, BodyHandlers.discarding());
      if (page.statusCode() != 303) { // to the page that says how it went
        throw new IOException("HTTP " + link.statusCode() + ", then " + page.statusCode());
      }
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpRequest get(String path, String cookie) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT);
    return (cookie.isEmpty() ? request : request.header("Cookie", cookie)).build();
  }

  /**
   * Waits until so many more have been seen.
   *
   * @throws BedException where one failed, or is not seen within a minute
   */
  public void awaitAll(int count) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (seen.get() < count) {
      if (failure != null || System.nanoTime() > end) {
        throw new BedException(
            "of " + count + " callbacks " + seen.get() + " came to a credential: " + failure);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
    seen.addAndGet(-count);
  }

  /** The times taken since it was asked last, in milliseconds. */
  public double[] take() {
    double[] all = millis.stream().mapToDouble(Double::doubleValue).toArray();
    millis.clear();
    return all;
  }

  @Override
  public void close() {
    over = true;
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.shutdownNow();
  }
}
