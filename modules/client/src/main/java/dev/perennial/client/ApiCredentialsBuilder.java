package dev.perennial.client;

import dev.perennial.domain.Secret;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How to ask the admin API. Not thread-safe. */
public final class ApiCredentialsBuilder {
  static final Duration INTERVAL = Duration.ofSeconds(5);
  static final Duration DEADLINE = Duration.ofSeconds(10);

  private final URI admin;
  private final Secret apiKey;
  private Duration interval = INTERVAL;
  private Duration deadline = DEADLINE;
  private @Nullable CredentialsListener listener;
  private Time time = Time.SYSTEM;

  ApiCredentialsBuilder(URI admin, Secret apiKey) {
    this.admin = admin;
    this.apiKey = apiKey;
  }

  /** The pause between two rounds of conditional requests. Default: 5 s. */
  public ApiCredentialsBuilder interval(Duration given) {
    interval = positive(given, "interval");
    return this;
  }

  /** How long {@link Credentials#token(String)} waits for the API. Default: 10 s. */
  public ApiCredentialsBuilder deadline(Duration given) {
    deadline = positive(given, "deadline");
    return this;
  }

  /** Hears of the connections that were asked for. */
  public ApiCredentialsBuilder listener(CredentialsListener given) {
    listener = given;
    return this;
  }

  ApiCredentialsBuilder time(Time given) {
    time = given;
    return this;
  }

  private static Duration positive(Duration given, String name) {
    if (given.toMillis() <= 0) {
      throw new IllegalArgumentException(name + " must be 1 ms or more: " + given);
    }
    return given;
  }

  /**
   * Returns at once; nothing is asked for yet.
   *
   * @throws IllegalArgumentException where the URI is no http(s) URI with a host
   */
  public Credentials start() {
    AdminApi api = new AdminApi(admin, apiKey, deadline);
    Announcer announcer = new Announcer(listener);
    return new ApiCredentials(new ApiTokens(api, announcer, interval, deadline, time), announcer);
  }
}
