package dev.understudy.plugins.optimizerstrategies;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionInner_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * The decomposed covariance of a process's points. Immutable.
 *
 * <p>What is done once per matrix is EJML's; what is done for every candidate or pair runs along rows by additions of
 * multiples, which the compiler vectorises, unlike inner products.
 */
final class Covariance {
    private final int size;
    private final DMatrixRMaj lower;

    private Covariance(DMatrixRMaj lower) {
        this.lower = lower;
        size = lower.numRows;
    }

    /** Decomposes a symmetric matrix, which is overwritten; null if it is not positive definite. */
    static @Nullable Covariance of(DMatrixRMaj matrix) {
        var decomposition = new CholeskyDecompositionInner_DDRM(true);
        return decomposition.decompose(matrix) ? new Covariance(decomposition.getT(null)) : null;
    }

    double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < size; i++) sum += 2 * Math.log(lower.data[i * size + i]);
        return sum;
    }

    /** Replaces a vector by the matrix's inverse times it. */
    void solve(double[] vector) {
        TriangularSolver_DDRM.solveL(lower.data, vector, size);
        TriangularSolver_DDRM.solveTranL(lower.data, vector, size);
    }

    /** The transpose of the lower factor's inverse: upper triangular, row after row. */
    double[] inverseFactor() {
        double[] inverse = new double[size * size];
        double[] row = new double[size];
        double[] transposed = new double[size * size];
        for (int i = 0; i < size; i++) {
            Arrays.fill(row, 0, i + 1, 0);
            for (int k = 0; k < i; k++) addMultiple(row, 0, -lower.data[i * size + k], inverse, k * size, k + 1);
            row[i] = 1;
            double diagonal = 1 / lower.data[i * size + i];
            for (int j = 0; j <= i; j++) {
                inverse[i * size + j] = row[j] * diagonal;
                transposed[j * size + i] = row[j] * diagonal;
            }
        }
        return transposed;
    }

    /** The lower triangle of the matrix's inverse, row after row. */
    double[] inverse() {
        double[] transposed = inverseFactor();
        double[] inverse = new double[size * size];
        double[] row = new double[size];
        for (int k = 0; k < size; k++) {
            for (int j = 0; j <= k; j++) row[j] = transposed[j * size + k];
            for (int i = 0; i <= k; i++) addMultiple(inverse, i * size, row[i], row, 0, i + 1);
        }
        return inverse;
    }

    static void addMultiple(double[] to, int toStart, double factor, double[] from, int fromStart, int length) {
        for (int i = 0; i < length; i++) to[toStart + i] += factor * from[fromStart + i];
    }
}
