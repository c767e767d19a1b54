package dev.perennial.exchanger;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may choose about token requests. How long one may take is part of {@code
 * AttemptTimes}, since it must fit the lease.
 *
 * @param maxConnections open at once to all token endpoints together, 1 to 65536; those for codes
 *     count apart
 * @param inFlightPerIntegration refreshes running at once for one integration, 1 to 65536
 * @param connectTimeout for each address tried, positive
 * @param maxBody bytes of an answer that are read, after decompression, 1 to 1 MiB
 * @param maxHeaders header fields of an answer, 1 to 10000
 * @param maxHeaderLine bytes of one header line, 64 to 1 MiB
 * @param idle how long an unused connection is kept, positive
 * @param allowPrivateAddresses whether loopback, private and link-local addresses may be asked, and
 *     loopback over plain http; for a development stack only
 * @param userAgent of every request whose definition names none
 * @param workerHeader value of {@code X-Perennial-Worker}, read by the provider simulator; null =
 *     not sent
 */
public record ExchangerSettings(
    int maxConnections,
    int inFlightPerIntegration,
    Duration connectTimeout,
    int maxBody,
    int maxHeaders,
    int maxHeaderLine,
    Duration idle,
    boolean allowPrivateAddresses,
    String userAgent,
    @Nullable String workerHeader) {

  private static final int MIB = 1 << 20;

  /** For production: 4096 connections, 512 in flight, 5 s, 1 MiB, 200 x 16 KiB, 10 s. */
  public static final ExchangerSettings DEFAULT =
      new ExchangerSettings(
          4096,
          512,
          Duration.ofSeconds(5),
          MIB,
          200,
          16 << 10,
          Duration.ofSeconds(10),
          false,
          "Perennial",
          null);

  /**
   * @throws IllegalArgumentException naming the setting that is out of range
   */
  public ExchangerSettings {
    within("maxConnections", maxConnections, 1, 1 << 16);
    within("inFlightPerIntegration", inFlightPerIntegration, 1, 1 << 16);
    within("maxBody", maxBody, 1, MIB);
    within("maxHeaders", maxHeaders, 1, 10_000);
    within("maxHeaderLine", maxHeaderLine, 64, MIB);
    positive("connectTimeout", connectTimeout);
    positive("idle", idle);
    printable("userAgent", userAgent);
    if (workerHeader != null) {
      printable("workerHeader", workerHeader);
    }
  }

  /** The same for a development stack: everything on this machine may be asked. */
  public ExchangerSettings withPrivateAddresses(@Nullable String worker) {
    return new ExchangerSettings(
        maxConnections,
        inFlightPerIntegration,
        connectTimeout,
        maxBody,
        maxHeaders,
        maxHeaderLine,
        idle,
        true,
        userAgent,
        worker);
  }

  private static void within(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + ": " + value + " is not within " + least + " to " + most);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.compareTo(Duration.ZERO) <= 0) {
      throw new IllegalArgumentException(name + ": " + value + " is not positive");
    }
  }

  private static void printable(String name, String value) {
    if (value.isBlank() || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw new IllegalArgumentException(name + ": expected printable ASCII");
    }
  }
}
