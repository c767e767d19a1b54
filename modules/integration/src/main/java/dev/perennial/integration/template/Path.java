package dev.perennial.integration.template;

import java.util.List;

/**
 * A name, or a name and the way into its parts: {@code CLIENT_ID}, {@code oauth.data.0.id}.
 *
 * @param segments at least one; the first is the name
 */
public record Path(List<String> segments) {
  public Path {
    segments = List.copyOf(segments);
  }

  /** The first segment. */
  public String name() {
    return segments.getFirst();
  }

  /** What follows the name; empty where it stands alone. */
  public List<String> rest() {
    return segments.subList(1, segments.size());
  }

  @Override
  public String toString() {
    return String.join(".", segments);
  }
}
