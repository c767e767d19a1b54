/**
 * Key rings encrypted with a key of AWS KMS. One of Tink's {@link
 * com.google.crypto.tink.KmsClient}s, found by {@link java.util.ServiceLoader}; on the class path
 * only where it is wanted.
 */
@NullMarked
package dev.perennial.kms.aws;

import org.jspecify.annotations.NullMarked;
