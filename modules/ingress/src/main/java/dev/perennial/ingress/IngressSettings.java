package dev.perennial.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How this installation takes consents. Immutable.
 *
 * @param publicUrl what browsers and providers see: https, or http on a loopback host; a path in it
 *     is a prefix that a proxy strips before a request comes here
 * @param openConnect whether {@code /connect} works without a connect session; for the demo only
 * @param returnOrigins origins a browser may be sent back to, e.g. {@code https://app.example.com}
 * @param stateValid how long a consent link may take until its callback, above zero
 * @param hold how long one callback may hold its state, above zero; longer than the publisher takes
 *     to give up, else a reload could overtake the first try
 */
public record IngressSettings(
    URI publicUrl,
    boolean openConnect,
    Set<String> returnOrigins,
    Duration stateValid,
    Duration hold) {

  /** Ten minutes: RFC 6749 section 4.1.2 gives a code no more. */
  public static final Duration STATE_VALID = Duration.ofMinutes(10);

  /** Longer than the 60 seconds Kafka's producer may take to deliver. */
  public static final Duration HOLD = Duration.ofSeconds(90);

  /**
   * @throws IllegalArgumentException where a value is out of range; the message names it
   */
  public IngressSettings {
    publicUrl = checkedPublicUrl(publicUrl);
    returnOrigins =
        returnOrigins.stream()
            .map(IngressSettings::checkedOrigin)
            .collect(Collectors.toUnmodifiableSet());
    checkAboveZero("state valid", stateValid);
    checkAboveZero("hold", hold);
  }

  /** No return addresses, ten minutes for a consent. */
  public static IngressSettings of(URI publicUrl, boolean openConnect) {
    return new IngressSettings(publicUrl, openConnect, Set.of(), STATE_VALID, HOLD);
  }

  /** The redirection endpoint of an integration (RFC 6749 section 3.1.2); never changes. */
  public String redirectUrl(String slug) {
    return publicUrl + "/callback/" + slug;
  }

  /** An absolute path on our own origin, the public prefix in front. */
  String path(String path) {
    return Objects.requireNonNullElse(publicUrl.getRawPath(), "") + path;
  }

  /** Whether cookies can be {@code Secure}. */
  boolean secure() {
    return publicUrl.toString().startsWith("https:");
  }

  private static URI checkedPublicUrl(URI url) {
    WebAddress address =
        WebAddress.read(url)
            .filter(read -> read.query() == null && read.fragment() == null)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "public url: '" + url + "' is not an http(s) URL without query and fragment"));
    if (!address.scheme().equals("https") && !address.isLoopback()) {
      throw new IllegalArgumentException(
          "public url: '"
              + url
              + "' must be https; plain http serves only localhost and loopback addresses");
    }
    return URI.create(address.origin() + address.path().replaceAll("/+$", ""));
  }

  private static String checkedOrigin(String origin) {
    return WebAddress.read(origin)
        .filter(WebAddress::isOrigin)
        .map(WebAddress::origin)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "return origins: '"
                    + origin
                    + "' is not an origin such as https://app.example.com"));
  }

  private static void checkAboveZero(String name, Duration duration) {
    if (!duration.isPositive()) {
      throw new IllegalArgumentException(name + ": " + duration + " is not above zero");
    }
  }
}
