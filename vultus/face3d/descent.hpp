// Levenberg-Marquardt with Huber's loss on points, for the sources of this room. Shows Eigen: not installed.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include <vultus/face3d/camera.hpp>

namespace vultus::face3d {

using Mat = Eigen::MatrixXd;
using Vec = Eigen::VectorXd;

/// What a problem tells of a state: residuals in pairs (x, y of a point), their derivatives, and the pull of a prior.
struct Linearised {
  Vec residuals;    ///< size 2 n
  Mat jacobian;     ///< 2 n x unknowns
  Vec prior;        ///< residuals of the prior, quadratic loss; may be empty
  Mat prior_slope;  ///< rows of prior x unknowns
};

/// Huber's loss of a distance and the weight that makes its gradient.
inline double huber_loss(double d, double limit) { return d <= limit ? d * d / 2 : limit * (d - limit / 2); }
inline double huber_weight(double d, double limit) { return d <= limit ? 1 : limit / d; }

inline double cost_of(const Linearised& at, double limit) {
  double cost = at.prior.squaredNorm() / 2;
  for (Eigen::Index i = 0; i + 1 < at.residuals.size(); i += 2)
    cost += huber_loss(std::hypot(at.residuals[i], at.residuals[i + 1]), limit);
  return cost;
}

/// J' W J and J' W r of the robust problem and its prior.
inline void normal_equations(const Linearised& at, double limit, Mat& hessian, Vec& gradient) {
  Mat weighted = at.jacobian;
  Vec r = at.residuals;
  for (Eigen::Index i = 0; i + 1 < r.size(); i += 2) {
    const double w = huber_weight(std::hypot(r[i], r[i + 1]), limit);
    weighted.row(i) *= w;
    weighted.row(i + 1) *= w;
  }
  hessian.noalias() = weighted.transpose() * at.jacobian;
  gradient.noalias() = weighted.transpose() * r;
  if (at.prior.size() > 0) {
    hessian.noalias() += at.prior_slope.transpose() * at.prior_slope;
    gradient.noalias() += at.prior_slope.transpose() * at.prior;
  }
}

/// Goes down from `state`. `look(state, linearised)` fills the second and says false where the state has no meaning;
/// `step(state, delta)` gives the state after a step.
/// @return the cost reached; infinity where the first state has no meaning
template <class State, class Look, class Step>
double descend(State& state, double limit, int max_iterations, const Look& look, const Step& step) {
  Linearised at, next;
  if (!look(state, at)) return std::numeric_limits<double>::infinity();
  double cost = cost_of(at, limit), damping = 1e-3;
  Mat hessian;
  Vec gradient;
  for (int i = 0; i < max_iterations; ++i) {
    normal_equations(at, limit, hessian, gradient);
    bool better = false;
    double gain = 0;
    while (!better && damping < 1e12) {
      Mat damped = hessian;
      for (Eigen::Index k = 0; k < damped.rows(); ++k) damped(k, k) += damping * std::max(hessian(k, k), 1e-12);
      const Vec delta = -damped.ldlt().solve(gradient);
      const State trial = step(state, delta);
      if (delta.allFinite() && look(trial, next)) {
        const double there = cost_of(next, limit);
        better = there < cost;
        if (better) {
          gain = cost - there;
          cost = there;
          state = trial;
          std::swap(at, next);
          damping = std::max(damping / 5, 1e-12);
        }
      }
      if (!better) damping *= 4;
    }
    if (!better || gain <= 1e-12 * cost) break;
  }
  return cost;
}

/// The projection of a point of the camera's space and its derivative by the point.
inline bool project_with_slope(const Camera& camera, const Vec3& p, double& u, double& v,
                               Eigen::Matrix<double, 2, 3>& slope) {
  if (!(p.z > 1)) return false;  // a millimetre before the lens
  const double inverse = 1 / p.z;
  u = camera.fx * p.x * inverse + camera.cx;
  v = camera.fy * p.y * inverse + camera.cy;
  slope << camera.fx * inverse, 0, -camera.fx * p.x * inverse * inverse, 0, camera.fy * inverse,
      -camera.fy * p.y * inverse * inverse;
  return true;
}

/// The derivative of rotation_about(w) * q by w at 0.
inline Eigen::Matrix3d turn_slope(const Vec3& q) {
  Eigen::Matrix3d m;
  m << 0, q.z, -q.y, -q.z, 0, q.x, q.y, -q.x, 0;
  return m;
}

/// The pose after a small turn in the camera's axes and a shift: the first six unknowns of every problem here.
inline RigidPose moved(const RigidPose& pose, const Vec& delta) {
  return {rotation_about({delta[0], delta[1], delta[2]}) * pose.rotation,
          pose.translation + Vec3{delta[3], delta[4], delta[5]}};
}

}  // namespace vultus::face3d
