/** The public listener asked over real HTTP, on fakes of the ports. */
@NullMarked
package dev.perennial.ingress;

import org.jspecify.annotations.NullMarked;
