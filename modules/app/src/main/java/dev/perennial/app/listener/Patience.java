package dev.perennial.app.listener;

import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long a listener waits for a client within a request: so long for the next byte, as long for
 * all of the head, and as long in all for a body, and a second more for each {@value
 * #BYTES_IN_A_SECOND} bytes of it that came, so that a long one may be long and none can drip. The
 * server itself reads without any limit, and a few thousand connections of somebody who says
 * nothing would keep all others out. Thread-safe.
 */
public final class Patience implements Filter, AutoCloseable {
  /** A client that sends a body more slowly runs out of time. */
  static final int BYTES_IN_A_SECOND = 1024;

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** A connection is read, and its requests are handled, by one thread. */
  private static final ThreadLocal<@Nullable Reading> OWN = new ThreadLocal<>();

  private final Duration longest;
  private final LongSupplier nanoTime;

  /** Each is let go with its connection. */
  private final Set<Reading> all = Collections.newSetFromMap(new WeakHashMap<>()); // under itself

  private final Thread watch;

  /**
   * Begins to watch.
   *
   * @param longest positive
   * @param nanoTime as {@link System#nanoTime}
   */
  public Patience(Duration longest, LongSupplier nanoTime) {
    this.longest = longest;
    this.nanoTime = nanoTime;
    this.watch = Thread.ofVirtual().name("patience").start(this::look);
  }

  /** Lets a listener speak HTTP/1.1 and nothing else, under this watch; add the filter too. */
  public <T extends WebServerConfig.Builder> T over(T listener, Http1Config protocol) {
    Http1ConnectionSelector http = Http1ConnectionSelector.builder().config(protocol).build();
    listener
        .protocolsDiscoverServices(false)
        .addConnectionSelector(new PatientConnections(http, this::begin));
    return listener;
  }

  private Reading begin(ConnectionContext connection) {
    Reading reading = new Reading(connection, nanoTime);
    OWN.set(reading);
    synchronized (all) {
      all.add(reading);
    }
    return reading;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    Reading reading = OWN.get();
    if (reading == null) {
      chain.proceed();
      return;
    }
    reading.headIsRead();
    try {
      chain.proceed();
    } finally {
      reading.requestIsOver();
    }
  }

  private void look() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        looked();
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /** Once over all of them. */
  void looked() {
    readings().forEach(it -> it.endIfLonger(longest));
  }

  /** How many connections it waits for within a request. */
  long waitedFor() {
    return readings().stream().filter(Reading::isWithinRequest).count();
  }

  /** How many bytes of bodies that are read now have come. */
  long came() {
    return readings().stream().mapToLong(Reading::came).sum();
  }

  private List<Reading> readings() {
    synchronized (all) {
      return List.copyOf(all);
    }
  }

  @Override
  public void close() {
    watch.interrupt();
  }
}
