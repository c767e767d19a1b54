package dev.perennial.integration.request;

import dev.perennial.integration.template.TemplateText;
import java.util.Optional;

/** Who has a say in a host. Immutable once the definition is read. */
public interface Origins {

  /** Whether the text reads something that a callback or an answer brought. */
  boolean foreign(TemplateText text);

  /**
   * The variable by which a connection could name any host here; empty where none could.
   *
   * @param text of a host, or of a whole URL
   * @param url the text is a whole URL
   */
  Optional<String> free(TemplateText text, boolean url);
}
