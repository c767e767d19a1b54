package dev.perennial.app.role;

import dev.perennial.credentials.ExchangerReport;
import dev.perennial.credentials.ExchangerReport.Standing;
import dev.perennial.credentials.RedisExchangerReports;
import dev.perennial.domain.UnavailableException;
import dev.perennial.exchanger.ExchangeListener;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in Redis every few seconds how this exchanger stands, for the console of whichever process.
 * Hears of circuit breakers; what is in flight it asks. Thread-safe.
 */
final class ExchangerPulse implements ExchangeListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExchangerPulse.class);
  static final Duration SAY = Duration.ofSeconds(5);

  private final RedisExchangerReports reports;
  private final String process;
  private final int places;
  private final Map<String, ExchangerReport.Breaker> breakers = new ConcurrentHashMap<>();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("exchanger-pulse").unstarted(this::run);
  private volatile Supplier<Map<String, Integer>> inFlight = Map::of;

  /**
   * @param places refreshes of one integration at once
   */
  ExchangerPulse(RedisExchangerReports reports, String process, int places) {
    this.reports = reports;
    this.process = process;
    this.places = places;
  }

  /** From here on. */
  void start(Supplier<Map<String, Integer>> running) {
    inFlight = running;
    thread.start();
  }

  @Override
  public void breaker(String integration, Breaker state) {
    switch (state) {
      case CLOSED -> breakers.remove(integration);
      case HALF_OPEN -> breakers.put(integration, ExchangerReport.Breaker.HALF_OPEN);
      case OPEN -> breakers.put(integration, ExchangerReport.Breaker.OPEN);
    }
  }

  private void run() {
    do {
      say();
    } while (!Waiting.forStop(stop, SAY));
  }

  private void say() {
    try {
      reports.say(new ExchangerReport(process, places, standings()));
    } catch (UnavailableException e) {
      LOG.debug("how this exchanger stands could not be said: {}", e.getMessage());
    }
  }

  private Map<String, Standing> standings() {
    Map<String, Standing> standings = new TreeMap<>();
    inFlight
        .get()
        .forEach((slug, count) ->
            standings.put(slug, new Standing(ExchangerReport.Breaker.CLOSED, count)));
    breakers.forEach((slug, breaker) ->
        standings.merge(
            slug,
            new Standing(breaker, 0),
            (running, open) -> new Standing(open.breaker(), running.inFlight())));
    return standings;
  }

  @Override
  public void close() {
    stop.countDown();
    Waiting.forEnd(thread);
    try {
      reports.leave(process);
    } catch (UnavailableException e) {
      LOG.debug("not said that this exchanger has ended: {}", e.getMessage());
    }
  }
}
