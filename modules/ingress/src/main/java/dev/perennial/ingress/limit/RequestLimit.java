package dev.perennial.ingress.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * So many requests a second of each client, and of all together; four times as many at once. An
 * IPv6 client is its /64, since whoever has one address there has them all. Remembers a bounded
 * number of clients, those that asked last. Thread-safe.
 */
public final class RequestLimit {
  /** Of about 200 bytes each. */
  static final int CLIENTS = 50_000;

  private static final int BURST = 4;
  private static final int SITE_BYTES = 8;

  private final Clients clients;
  private final int perClient;
  private final @Nullable Bucket all;
  private final TimeMeter time;
  private final ReentrantLock lock = new ReentrantLock();

  /** By site, the one that asked last at the end. */
  private final LinkedHashMap<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true); // under the lock

  /**
   * @param perClient requests a second; 0 = no limit
   * @param total requests a second; 0 = no limit
   */
  public RequestLimit(Clients clients, int perClient, int total, LongSupplier nanoTime) {
    this.clients = clients;
    this.perClient = perClient;
    this.time = new NanoMeter(nanoTime);
    this.all = total == 0 ? null : bucket(total);
  }

  /** No limit. */
  public static RequestLimit none() {
    return new RequestLimit(new Clients(List.of(), Clients.Header.X_FORWARDED_FOR), 0, 0, () -> 0);
  }

  /** Which header to ask with. */
  public String header() {
    return clients.header().text();
  }

  /**
   * Whether to take one more.
   *
   * @param forwarded lines of {@link #header}
   */
  public boolean admits(InetAddress peer, List<String> forwarded) {
    boolean client = perClient == 0 || of(site(clients.client(peer, forwarded))).tryConsume(1);
    return client && (all == null || all.tryConsume(1));
  }

  private Bucket of(String site) {
    lock.lock();
    try {
      Bucket bucket = buckets.computeIfAbsent(site, _ -> bucket(perClient));
      if (buckets.size() > CLIENTS) {
        buckets.pollFirstEntry();
      }
      return bucket;
    } finally {
      lock.unlock();
    }
  }

  private static String site(InetAddress address) {
    byte[] bytes = address.getAddress();
    return HexFormat.of()
        .formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, SITE_BYTES) : bytes);
  }

  private Bucket bucket(int perSecond) {
    return Bucket.builder()
        .addLimit(
            Bandwidth.builder()
                .capacity((long) BURST * perSecond)
                .refillGreedy(perSecond, Duration.ofSeconds(1))
                .build())
        .withCustomTimePrecision(time)
        .build();
  }
}
