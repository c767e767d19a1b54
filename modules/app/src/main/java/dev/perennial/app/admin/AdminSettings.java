package dev.perennial.app.admin;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * What an operator may choose about the admin API.
 *
 * @param publicUrl how browsers reach the public listener, without a slash at the end
 * @param returnOrigins origins that a consent may return to
 * @param sessionValid how long a consent link is good for
 * @param refreshWait how long a request for a fresher token waits for it, positive
 * @param refreshPoll pause between two looks while it waits, positive
 */
public record AdminSettings(
    URI publicUrl,
    Set<String> returnOrigins,
    Duration sessionValid,
    Duration refreshWait,
    Duration refreshPoll) {

  public AdminSettings {
    returnOrigins = Set.copyOf(returnOrigins);
  }

  /** Waits 30 s for a fresher token, looking five times a second. */
  public static AdminSettings of(URI publicUrl, Set<String> returnOrigins, Duration sessionValid) {
    return new AdminSettings(
        publicUrl, returnOrigins, sessionValid, Duration.ofSeconds(30), Duration.ofMillis(200));
  }
}
