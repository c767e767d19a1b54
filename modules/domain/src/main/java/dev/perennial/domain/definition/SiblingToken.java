package dev.perennial.domain.definition;

import java.util.List;

/**
 * Another token of the same grant, which lives and rotates apart.
 *
 * @param name of the definition's choice
 * @param path of the object with its tokens, in an answer and in what is kept
 */
public record SiblingToken(String name, List<String> path) {
  public SiblingToken {
    path = List.copyOf(path);
  }
}
