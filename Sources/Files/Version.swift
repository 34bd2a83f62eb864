/// The version of the package, which every program of it prints.
package let packageVersion = "0.1.0"
