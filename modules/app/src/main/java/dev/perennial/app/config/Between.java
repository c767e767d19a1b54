package dev.perennial.app.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The range of a configuration key, both ends included, written as values of the key are. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Between {
  String min();

  String max();
}
