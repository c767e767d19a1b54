package dev.perennial.app.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a reader of docs/configuration.md must know of a key beyond its type, range and default;
 * Markdown on one line. The page's table is made of it, so it stands nowhere else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Described {
  /** Unit or form of a value; empty where the type says it all, as for times and paths. */
  String form() default "";

  /** What the key decides, and what {@code 0} means where it is allowed. */
  String meaning();

  /** Whether a change counts while the process runs. */
  boolean reload() default false;
}
