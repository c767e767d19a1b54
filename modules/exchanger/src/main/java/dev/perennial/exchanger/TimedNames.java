package dev.perennial.exchanger;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves names within a time: the system's resolver knows none, and cannot be interrupted. A
 * lookup that hangs keeps a thread of its own until it ends; a bounded number of them may hang, and
 * beyond it new lookups are refused. Thread-safe.
 */
final class TimedNames implements DnsResolver {
  private final DnsResolver names;
  private final Duration limit;
  private final Semaphore free;

  /**
   * @param most lookups at a time
   */
  TimedNames(DnsResolver names, Duration limit, int most) {
    this.names = names;
    this.limit = limit;
    this.free = new Semaphore(most);
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    if (!free.tryAcquire()) {
      throw new SlowLookupException("too many host lookups hang");
    }
    FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> lookUp(host));
    Thread.ofPlatform().daemon().name("lookup").start(lookup);
    return within(lookup);
  }

  /** Its place is free before its answer is there, or the next one might be refused. */
  private InetAddress[] lookUp(String host) throws UnknownHostException {
    try {
      return names.resolve(host);
    } finally {
      free.release();
    }
  }

  private InetAddress[] within(Future<InetAddress[]> lookup) throws UnknownHostException {
    try {
      return lookup.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new SlowLookupException("host lookup timed out");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownHostException unknown) {
        throw unknown;
      }
      throw new IllegalStateException("a host lookup failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SlowLookupException("host lookup interrupted");
    }
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** The name could not be resolved in time; its message is fit to be shown. */
  static final class SlowLookupException extends UnknownHostException {
    private static final long serialVersionUID = 1L;

    SlowLookupException(String message) {
      super(message);
    }
  }
}
