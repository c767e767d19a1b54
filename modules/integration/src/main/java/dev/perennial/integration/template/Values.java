package dev.perennial.integration.template;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the names stand for while one request is rendered. Used by one thread. */
public interface Values {

  /**
   * The value of the path's name as JSON (String, Number, Boolean, List, Map); null where it has
   * none.
   */
  @Nullable Object find(Path path);

  /** What to do about a value that is missing, as the end of a message. */
  String remedy(Path path);

  RandomGenerator random();

  /** The same, with the request's body known as {@code body}. */
  Values withBody(String body);
}
