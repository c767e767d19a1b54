package dev.perennial.app.dev.worker;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Leads URLs elsewhere by their origin; everything else of them stays. Immutable.
 *
 * @param origins {@code scheme://host:port} by what takes its place
 */
public record Addresses(Map<String, String> origins) implements UnaryOperator<URI> {

  /** Everything stays where it is. */
  public static final Addresses NONE = new Addresses(Map.of());

  public Addresses {
    origins = Map.copyOf(origins);
  }

  /** Reads what {@link #toString} writes. */
  static Addresses parse(String text) {
    Map<String, String> origins = new LinkedHashMap<>();
    for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int equals = pair.indexOf('=');
      origins.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return new Addresses(origins);
  }

  /** {@code scheme://host:port} of a URL. */
  public static String origin(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority();
  }

  @Override
  public URI apply(URI uri) {
    String origin = origin(uri);
    String instead = origins.get(origin);
    return instead == null ? uri : URI.create(instead + uri.toString().substring(origin.length()));
  }

  @Override
  public String toString() {
    return origins.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + pair.getValue())
        .collect(Collectors.joining(","));
  }
}
